import { PrometheusRule } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule';
import { PodMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor';
import { ServiceMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor';
import { ScaledObject } from '@kubernetes-models/keda/keda.sh/v1alpha1/ScaledObject';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler';
import { Ingress } from 'kubernetes-models/networking.k8s.io/v1/Ingress';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap';
import { PersistentVolumeClaim } from 'kubernetes-models/v1/PersistentVolumeClaim';
import { Pod } from 'kubernetes-models/v1/Pod';
import { Service } from 'kubernetes-models/v1/Service';
import { ServiceAccount } from 'kubernetes-models/v1/ServiceAccount';
import type { Manifest } from './helm.ts';

/** Kinds by the published schemas of Kubernetes, KEDA and the Prometheus operator. */
const MODELS = [
  ConfigMap,
  Deployment,
  HorizontalPodAutoscaler,
  Ingress,
  NetworkPolicy,
  PersistentVolumeClaim,
  Pod,
  PodDisruptionBudget,
  PodMonitor,
  PrometheusRule,
  ScaledObject,
  Service,
  ServiceAccount,
  ServiceMonitor,
];

/**
 * What is wrong with an object: what its schema says, and every field that its schema does not know,
 * which Kubernetes would drop without a word.
 */
export function problemsOf(manifest: Manifest): string[] {
  const model = MODELS.find(({ is }) => is(manifest));
  if (model === undefined) return [`no schema of ${manifest.apiVersion} ${manifest.kind}`];
  const watched = watchReads(manifest);
  try {
    Reflect.apply(model.prototype.validate, watched.value, []);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
  return watched.unread().map((path) => `${path}: the schema knows no such field`);
}

/**
 * A value that remembers which of its members were looked at. A compiled schema looks at each member
 * that it knows, and at all members of what is a map.
 */
function watchReads(root: object): { value: object; unread(): string[] } {
  const read = new Map<object, Set<string>>();
  const proxies = new Map<object, object>();
  const watch = (target: object): object => {
    const known = proxies.get(target);
    if (known !== undefined) return known;
    const seen = new Set<string>();
    read.set(target, seen);
    const proxy = new Proxy(target, {
      get: (from, key): unknown => {
        if (typeof key === 'string') seen.add(key);
        const value: unknown = Reflect.get(from, key);
        return typeof value === 'object' && value !== null ? watch(value) : value;
      },
    });
    proxies.set(target, proxy);
    return proxy;
  };
  const unreadBelow = (value: unknown, path: string): string[] => {
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([key, member]) =>
      read.get(value)?.has(key) === true
        ? unreadBelow(member, `${path}/${key}`)
        : [`${path}/${key}`],
    );
  };
  return { value: watch(root), unread: () => unreadBelow(root, '') };
}
