import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { METRICS_PORT_VARIABLE } from '@understudy/configuration';
import type { MetricsSettings } from '@understudy/configuration';
import { findFreePorts } from './free-port.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the services of one start serve their metrics. */
export interface MetricsTargets {
  /** What a service is told, so that it keeps its port when it is started again. */
  environmentOf(service: string): Environment;
  /** The file that tells Prometheus of all of them; absent where metrics are off. */
  path?: string;
}

/**
 * Gives each service a port of its own, and writes down where they all are, in the form that
 * Prometheus reads by `file_sd_configs` and follows when it changes.
 * @param api host and port of the API, which serves its metrics with all else
 */
export async function placeMetrics(
  dataPath: string,
  services: readonly string[],
  api: string,
  { enabled, host }: MetricsSettings,
): Promise<MetricsTargets> {
  const ports = await findFreePorts(services.length, host);
  const portOf = (service: string): number | undefined => ports[services.indexOf(service)];
  const environmentOf = (service: string): Environment => {
    const port = portOf(service);
    return port === undefined ? {} : { [METRICS_PORT_VARIABLE]: String(port) };
  };
  if (!enabled) return { environmentOf };
  const path = join(dataPath, 'metrics-targets.json');
  const listed = ports.map((port) => `${host.includes(':') ? `[${host}]` : host}:${port}`);
  writeFileSync(path, `${JSON.stringify([{ targets: [api, ...listed] }], null, 2)}\n`);
  return { environmentOf, path };
}
