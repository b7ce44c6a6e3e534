import { isLoopbackHost } from '@understudy/configuration';
import type { Settings } from '@understudy/configuration';

/** Longer than the interval at which balancers and kubelets commonly ask who is ready. */
const BALANCED_DELAY_MS = 5000;

/**
 * How long a stopping API says 503 on `/readyz` and serves on, before it closes its door. What the
 * operator set; else five seconds where others reach it, and none on loopback, where a person waits
 * for the end of `npm start` and no balancer turns away.
 */
export function drainDelayMs({ defaults }: Pick<Settings, 'defaults'>, host: string): number {
  return defaults.drainDelayMs ?? (isLoopbackHost(host) ? 0 : BALANCED_DELAY_MS);
}
