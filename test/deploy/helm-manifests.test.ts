import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ScaledObject } from '@kubernetes-models/keda/keda.sh/v1alpha1/ScaledObject';
import { PodMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor';
import { PrometheusRule } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule';
import { ServiceMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap';
import { Service } from 'kubernetes-models/v1/Service';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseSettings, readKindManifests } from '../../packages/configuration/src/index.ts';
import { queueName, queuePrefix } from '../../packages/queue/src/queue-name.ts';
import { closingLimitMs } from '../support/closing-limit.ts';
import { CHART, findHelm, renderChart, runHelm } from '../support/helm.ts';
import { problemsOf } from '../support/kubernetes-schemas.ts';
import { configurationOf, podsOf } from '../support/rendered-pods.ts';
import { ROOT } from '../support/source-tree.ts';

const kinds = readKindManifests(join(ROOT, 'services'));
const sources = globSync('{packages,services}/*/src/**/*.ts', { cwd: ROOT })
  .filter((file) => !file.endsWith('.test.ts') && !file.includes('/testing/'))
  .map((file) => readFileSync(join(ROOT, file), 'utf8'))
  .join('\n');
const valuesFiles = globSync(join(CHART, 'ci/*.yaml')).toSorted();
const rendered =
  findHelm() === undefined
    ? []
    : await Promise.all(
        valuesFiles.map(async (path) => ({
          name: basename(path, '-values.yaml'),
          path,
          values: parse(readFileSync(path, 'utf8')) as { env?: { name: string; value: string }[] },
          manifests: await renderChart([path]),
        })),
      );

/** Whether a selector takes a pod with these labels. */
function selects(
  { matchLabels = {}, matchExpressions = [] }: Selector,
  labels: Record<string, string>,
): boolean {
  const fits = ({ key, operator, values = [] }: Requirement): boolean =>
    values.includes(labels[key] ?? '') === (operator === 'In');
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(fits)
  );
}

interface Requirement {
  key: string;
  operator: string;
  values?: string[];
}

interface Selector {
  matchLabels?: Record<string, string>;
  matchExpressions?: Requirement[];
}

test('helm is there where the package that brings it runs', () => {
  const brought = process.platform === 'linux' && process.arch === 'x64';
  expect(brought ? findHelm() : 'elsewhere: set UNDERSTUDY_HELM').toEqual(expect.any(String));
});

/** Helm is a process of its own, on machines that may be busy. */
const timeout = 60_000;

describe.each(rendered)(
  'the chart with $name values',
  { timeout },
  ({ path, values, manifests }) => {
    const pods = podsOf(manifests);
    const configuration = configurationOf(manifests);
    const variables = Object.fromEntries(
      (values.env ?? []).map(({ name, value }) => [name, value]),
    );
    const settings = parseSettings(configuration, {
      environment: variables,
      kinds,
      credentials: 'ignore',
    });

    test('helm lint has nothing to say', async () => {
      expect(await runHelm(['lint', '--strict', CHART, '--values', path])).toContain(
        '0 chart(s) failed',
      );
    });

    test('every object is one of its kind, with no field that Kubernetes does not know', () => {
      expect(manifests.length).toBeGreaterThan(10);
      const problems = manifests.flatMap((manifest) =>
        problemsOf(manifest).map((one) => `${manifest.kind} ${manifest.metadata.name}: ${one}`),
      );
      expect(problems).toEqual([]);
    });

    test('no two objects of a kind have one name, and each name and label is one', () => {
      const names = manifests.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
      expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
      for (const { metadata } of manifests) {
        expect(metadata.name).toMatch(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/);
        for (const value of Object.values(metadata.labels ?? {})) {
          expect(value).toMatch(/^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/);
        }
      }
    });

    test('a deployment has the pods it makes, and no others', () => {
      for (const { name, deployment } of pods) {
        const taken = pods.filter(({ labels }) => selects(deployment.spec?.selector ?? {}, labels));
        expect([name, taken.map((pod) => pod.name)]).toEqual([name, [name]]);
      }
    });

    test('each deployment has a budget that never keeps a node from being drained', () => {
      const budgets = manifests.filter((manifest) => PodDisruptionBudget.is(manifest));
      expect(budgets.map(({ metadata }) => metadata?.name).toSorted()).toEqual(
        pods.map(({ name }) => name).toSorted(),
      );
      for (const { metadata, spec } of budgets) {
        const taken = pods.filter(({ labels }) => selects(spec?.selector ?? {}, labels));
        expect(taken.map(({ name }) => name)).toEqual([metadata?.name]);
        expect(spec).toMatchObject({
          maxUnavailable: 1,
          unhealthyPodEvictionPolicy: 'AlwaysAllow',
        });
      }
    });

    test('the Service leads to the API by a port that it has', () => {
      const services = manifests.filter((manifest) => Service.is(manifest));
      expect(services).toHaveLength(1);
      const taken = pods.filter(({ labels }) =>
        selects({ matchLabels: services[0]?.spec?.selector ?? {} }, labels),
      );
      expect(taken.map(({ entry }) => entry)).toEqual(['services/api/src/main.ts']);
      const ports = taken[0]?.container.ports?.map(({ name }) => name);
      expect(services[0]?.spec?.ports?.map(({ targetPort }) => targetPort)).toEqual(ports);
    });

    test('every pod runs a service that is there, and is asked at a port that it opens', () => {
      for (const { name, entry, container, environment } of pods) {
        expect([name, existsSync(join(ROOT, entry))]).toEqual([name, true]);
        const isApi = entry === 'services/api/src/main.ts';
        const opened = environment.get(isApi ? 'PORT' : 'UNDERSTUDY_METRICS_PORT');
        const host = environment.get(isApi ? 'HOST' : 'UNDERSTUDY_METRICS_HOST');
        expect([name, host]).toEqual([name, '0.0.0.0']);
        expect(container.ports?.map(({ containerPort }) => String(containerPort))).toEqual([
          opened,
        ]);
        const port = container.ports?.[0]?.name;
        expect(container).toMatchObject({
          startupProbe: { httpGet: { path: '/healthz', port } },
          livenessProbe: { httpGet: { path: '/healthz', port } },
          readinessProbe: { httpGet: { path: '/readyz', port } },
        });
      }
    });

    test('every variable that a pod has is one that the services read', () => {
      for (const { name, environment } of pods) {
        const given = [...environment.keys()].filter((variable) => !(variable in variables));
        expect([name, given.filter((one) => !new RegExp(`\\b${one}\\b`).test(sources))]).toEqual([
          name,
          [],
        ]);
        const plain = [...environment].filter(
          ([variable, value]) =>
            /KEYS?$|TOKEN|SECRET|PASSWORD|PEPPER/.test(variable) && typeof value === 'string',
        );
        expect([name, plain]).toEqual([name, []]);
      }
    });

    test('no pod has rights, a writable root, or a token of Kubernetes', () => {
      for (const { name, spec, container } of pods) {
        expect([name, spec]).toEqual([
          name,
          expect.objectContaining({
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            securityContext: expect.objectContaining({
              runAsNonRoot: true,
              seccompProfile: { type: 'RuntimeDefault' },
            }),
          }),
        ]);
        expect([name, container.securityContext]).toEqual([
          name,
          {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
        ]);
        expect([name, container.resources]).toEqual([
          name,
          {
            requests: { cpu: expect.any(String), memory: expect.any(String) },
            limits: { memory: expect.any(String) },
          },
        ]);
        for (const member of ['hostNetwork', 'hostPID', 'hostIPC']) {
          expect(spec).not.toHaveProperty(member);
        }
        expect(spec.volumes?.filter(({ hostPath }) => hostPath !== undefined)).toEqual([]);
        expect(container.volumeMounts?.map((mount) => mount.name).toSorted()).toEqual(
          spec.volumes?.map((volume) => volume.name).toSorted(),
        );
      }
    });

    test('a pod is given more time to end than its service takes', () => {
      for (const { name, entry, spec } of pods) {
        const limitMs = closingLimitMs(entry.split('/')[1] ?? '', settings);
        const givenMs = (spec.terminationGracePeriodSeconds ?? 0) * 1000;
        expect(givenMs, name).toBeGreaterThan(limitMs);
      }
    });

    test('each provider has workers of its own, of its kind, with its secrets alone', () => {
      const { workers } = parse(readFileSync(path, 'utf8')) as {
        workers: { providers: Record<string, { enabled?: boolean; secrets?: string[] }> };
      };
      const served = Object.values(settings.providers).filter(
        ({ name }) => workers.providers[name]?.enabled !== false,
      );
      const found = pods.filter(({ entry }) => entry.includes('/worker-'));
      expect(
        found.map(({ entry, environment, secrets }) => [
          environment.get('UNDERSTUDY_PROVIDERS'),
          entry,
          secrets,
        ]),
      ).toEqual(
        served
          .map(({ name, kind }) => [
            name,
            `services/worker-${kind}/src/main.ts`,
            workers.providers[name]?.secrets ?? [],
          ])
          .toSorted(([one = ''], [other = '']) => (one < other ? -1 : 1)),
      );
    });

    test('whatever scales or watches has something to scale or watch', () => {
      const names = pods.map(({ name }) => name);
      const scaled = manifests.flatMap((manifest) =>
        ScaledObject.is(manifest) || HorizontalPodAutoscaler.is(manifest)
          ? [manifest.spec?.scaleTargetRef.name ?? '']
          : [],
      );
      expect(scaled.filter((name) => !names.includes(name))).toEqual([]);
      // Whoever scales says how many there are; otherwise the deployment does.
      for (const { name, deployment } of pods) {
        expect([name, deployment.spec?.replicas === undefined]).toEqual([
          name,
          scaled.includes(name),
        ]);
      }
      const selectors = manifests.flatMap((manifest) => {
        if (NetworkPolicy.is(manifest)) return [manifest.spec?.podSelector ?? {}];
        if (PodMonitor.is(manifest)) return [manifest.spec?.selector ?? {}];
        return [];
      });
      for (const selector of selectors) {
        expect(pods.filter(({ labels }) => selects(selector, labels))).not.toEqual([]);
      }
    });

    test('queues are measured by what the services tell, or by the key that BullMQ keeps', () => {
      for (const manifest of manifests) {
        if (!ScaledObject.is(manifest)) continue;
        expect(manifest.spec?.minReplicaCount).toBeGreaterThan(0);
        const provider = pods
          .find(({ name }) => name === manifest.spec?.scaleTargetRef.name)
          ?.environment.get('UNDERSTUDY_PROVIDERS');
        if (typeof provider !== 'string') throw new Error('it scales no worker');
        const [trigger] = manifest.spec?.triggers ?? [];
        // With one worker at least, KEDA heeds the interval for these alone, and no cool-down at all.
        expect(trigger).toMatchObject({ useCachedMetrics: true });
        expect(manifest.spec).not.toHaveProperty('cooldownPeriod');
        const { query = '', listName = '' } = trigger?.metadata ?? {};
        const told = `understudy_queue_jobs{provider="${provider}",state="waiting"`;
        const kept = `${queuePrefix('understudy')}:${queueName(provider)}:prioritized`;
        expect(query === '' ? listName === kept : query.includes(told)).toBe(true);
        expect(sources).toContain("'understudy_queue_jobs'");
      }
    });
  },
);

const everything = rendered.find(({ name }) => name === 'everything')?.manifests ?? [];

describe.skipIf(findHelm() === undefined)('with everything on', () => {
  test('every service is deployed, but for those of a single machine', () => {
    const deployed = new Set(podsOf(everything).map(({ entry }) => entry.split('/')[1]));
    const services = globSync('services/*/package.json', { cwd: ROOT }).map(
      (file) => file.split('/')[1] ?? '',
    );
    expect(services.filter((name) => !deployed.has(name)).toSorted()).toEqual([
      'sandbox',
      'standalone',
    ]);
  });

  test('the rules and the dashboard are those of the repository', () => {
    const rules = everything.find((manifest) => PrometheusRule.is(manifest));
    const file = parse(
      readFileSync(join(ROOT, 'deploy/prometheus/understudy.rules.yml'), 'utf8'),
    ) as object;
    expect(rules?.spec).toEqual(file);
    const dashboard = everything
      .filter((manifest) => ConfigMap.is(manifest))
      .find(({ metadata }) => metadata?.name?.endsWith('-dashboard'));
    expect(JSON.parse(dashboard?.data?.['understudy.json'] ?? '')).toEqual(
      JSON.parse(readFileSync(join(ROOT, 'deploy/grafana/understudy.json'), 'utf8')),
    );
  });

  test('the label “service” of a metric stays, and both doors are opened with the token', () => {
    const endpoints = everything.flatMap((manifest) => {
      if (ServiceMonitor.is(manifest)) return manifest.spec?.endpoints ?? [];
      if (PodMonitor.is(manifest)) return manifest.spec?.podMetricsEndpoints ?? [];
      return [];
    });
    const credentials = { name: 'understudy-metrics', key: 'UNDERSTUDY_METRICS_TOKEN' };
    const common = { path: '/metrics', honorLabels: true, authorization: { credentials } };
    const byPort = endpoints.toSorted(({ port: a = '' }, { port: b = '' }) => a.localeCompare(b));
    expect(byPort).toMatchObject([
      { port: 'http', ...common },
      { port: 'metrics', ...common },
    ]);
  });

  test('nobody comes in but callers to the API and Prometheus to metrics', () => {
    const policies = everything.filter((manifest) => NetworkPolicy.is(manifest));
    const open = policies.flatMap(({ metadata, spec }) =>
      (spec?.ingress ?? []).map(({ ports }) => [metadata?.name, ports?.map(({ port }) => port)]),
    );
    expect(open).toEqual([
      ['try-understudy-api', ['http']],
      ['try-understudy-metrics', ['metrics']],
    ]);
    const closed = policies.find(({ metadata }) => metadata?.name === 'try-understudy');
    expect(closed?.spec).toMatchObject({ policyTypes: ['Ingress', 'Egress'] });
    for (const { labels } of podsOf(everything)) {
      expect(selects(closed?.spec?.podSelector ?? {}, labels)).toBe(true);
    }
    // The pod of `helm test` reaches the API, and the API lets it in.
    const labels = everything.find(({ kind }) => kind === 'Pod')?.metadata.labels ?? {};
    const ways = policies.filter(({ spec }) => spec?.policyTypes?.includes('Egress'));
    expect(ways.length).toBeGreaterThan(2);
    expect(ways.filter(({ spec }) => selects(spec?.podSelector ?? {}, labels))).toEqual([]);
    const [{ from = [] } = {}] =
      policies.find(({ metadata }) => metadata?.name === 'try-understudy-api')?.spec?.ingress ?? [];
    const letIn = from.flatMap(({ podSelector }) => podSelector ?? []);
    expect(letIn.some((selector) => selects(selector, labels))).toBe(true);
  });

  test('the deliverer reaches no private network, beside its own guard', () => {
    const policy = everything
      .filter((manifest) => NetworkPolicy.is(manifest))
      .find(({ metadata }) => metadata?.name === 'try-understudy-webhook-deliverer');
    const blocks = policy?.spec?.egress?.flatMap(({ to = [] }) => to.map(({ ipBlock }) => ipBlock));
    expect(blocks?.map((block) => block?.cidr)).toEqual(['0.0.0.0/0', '::/0']);
    expect(blocks?.[0]?.except).toContain('169.254.0.0/16');
  });
});
