import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import type { IDeployment } from 'kubernetes-models/apps/v1/Deployment';
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap';
import type { IContainer } from 'kubernetes-models/v1/Container';
import type { IPodSpec } from 'kubernetes-models/v1/PodSpec';
import type { Manifest } from './helm.ts';

/** A deployment of the chart, with what tests look at drawn out. */
export interface RenderedPod {
  /** Of the deployment. */
  name: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  deployment: IDeployment;
  spec: IPodSpec;
  container: IContainer;
  /** What Node runs, such as `services/api/src/main.ts`. */
  entry: string;
  /** Variables by their names: a value, or the Secret and key it comes from. */
  environment: Map<string, string | { secret: string; key: string }>;
  /** Secrets whose members all become variables. */
  secrets: string[];
}

/** The deployments among what was rendered. @throws Error for one that has not exactly one container */
export function podsOf(manifests: readonly Manifest[]): RenderedPod[] {
  return manifests.filter((manifest) => Deployment.is(manifest)).map((one) => podOf(one));
}

function podOf(deployment: IDeployment): RenderedPod {
  const { metadata, spec } = deployment.spec?.template ?? {};
  const [container, ...others] = spec?.containers ?? [];
  const name = deployment.metadata?.name ?? '';
  if (spec === undefined || container === undefined || others.length > 0) {
    throw new Error(`the deployment ${name} has not exactly one container`);
  }
  return {
    name,
    labels: metadata?.labels ?? {},
    annotations: metadata?.annotations ?? {},
    deployment,
    spec,
    container,
    entry: container.command?.[1] ?? '',
    environment: new Map(
      (container.env ?? []).map(({ name: variable, value, valueFrom }) => {
        const { name: secret = '', key = '' } = valueFrom?.secretKeyRef ?? {};
        return [variable, value ?? { secret, key }];
      }),
    ),
    secrets: (container.envFrom ?? []).flatMap(({ secretRef }) => secretRef?.name ?? []),
  };
}

/** The broker's configuration as pods find it. */
export function configurationOf(manifests: readonly Manifest[]): string {
  const map = manifests
    .filter((manifest) => ConfigMap.is(manifest))
    .find(({ data }) => data?.['understudy.yaml'] !== undefined);
  return map?.data?.['understudy.yaml'] ?? '';
}
