import type { MetricsSettings } from '@understudy/configuration';
import { closableOnce } from '@understudy/runtime';
import type { Closable, Logger } from '@understudy/runtime';
import { createMetrics } from './metrics.ts';
import type { Metrics } from './metrics.ts';
import { serveMonitoring } from './serve-monitoring.ts';
import type { Missing, MonitoringPort } from './serve-monitoring.ts';

/** What a service without a door of its own measures, and how it says that it lives. */
export interface Monitoring extends Closable {
  /** Absent where metrics are off. */
  metrics: Metrics | undefined;
  /** From now on `/readyz` asks this; until then the service is starting. */
  readyWhen(missing: Missing): void;
}

const starting: Missing = async () => ['the service is starting'];

/**
 * Begins to measure, and listens where a port is set: from the first moment, so that a start that
 * waits for Redis is alive and not ready.
 * @throws Error when the port cannot be had
 */
export async function openMonitoring(
  service: string,
  settings: MetricsSettings,
  logger: Logger,
): Promise<Monitoring> {
  const { enabled, port } = settings;
  const metrics = enabled ? createMetrics(service) : undefined;
  let missing = starting;
  let served: MonitoringPort | undefined;
  if (port !== undefined) {
    served = await serveMonitoring({ ...settings, port }, metrics, () => missing());
    logger.info({ url: served.url }, 'metrics and health are served');
  }
  return {
    metrics,
    readyWhen: (asked) => {
      missing = asked;
    },
    ...closableOnce(async () => served?.close()),
  };
}
