import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '../../packages/configuration/src/index.ts';
import { drainDelayMs } from '../../services/api/src/drain-delay.ts';
import { ROOT } from './source-tree.ts';

/**
 * How long a service may take from SIGTERM to its end by its own account, in milliseconds: what it
 * always has, or what its settings ask for, and what disconnecting takes. Whoever kills it waits longer.
 * @param service its folder, such as `worker-openai`
 */
export function closingLimitMs(service: string, settings: Pick<Settings, 'defaults'>): number {
  const closingMs = Math.max(usualMs(service), configuredMs(service, settings));
  return closingMs + constantOf('packages/runtime/src/run-service.ts', 'CLOSE_MARGIN_MS');
}

function usualMs(service: string): number {
  if (service.startsWith('worker-')) {
    return constantOf('packages/worker/src/run-worker.ts', 'DEFAULT_GRACE_PERIOD_MS');
  }
  const name = service === 'api' ? 'CLOSE_MS' : 'GRACE_PERIOD_MS';
  return constantOf(`services/${service}/src/main.ts`, name);
}

function configuredMs(service: string, settings: Pick<Settings, 'defaults'>): number {
  if (service.startsWith('worker-')) return settings.defaults.gracePeriodMs;
  if (service !== 'api') return 0;
  const lastCallsMs = constantOf('services/api/src/start-api.ts', 'LAST_CALLS_MS');
  return drainDelayMs(settings, '0.0.0.0') + lastCallsMs;
}

/** A number that a module keeps to itself: to import the main module of a service would start it. */
function constantOf(path: string, name: string): number {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const [, digits] = new RegExp(String.raw`^const ${name} = ([\d_]+);$`, 'm').exec(text) ?? [];
  if (digits === undefined) throw new Error(`${path} has no number ${name}`);
  return Number(digits.replaceAll('_', ''));
}
