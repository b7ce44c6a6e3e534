import { z } from 'zod';
import type { Environment } from './interpolate.ts';
import { metricsMembers } from './settings-file.ts';
import type { MetricsFile } from './settings-file.ts';

/** Where a service serves its metrics; services on one machine need a port each. */
export const METRICS_PORT_VARIABLE = 'UNDERSTUDY_METRICS_PORT';

const VARIABLES = {
  enabled: 'UNDERSTUDY_METRICS_ENABLED',
  host: 'UNDERSTUDY_METRICS_HOST',
  port: METRICS_PORT_VARIABLE,
  token: 'UNDERSTUDY_METRICS_TOKEN',
} as const;

const schema = z.object(metricsMembers);

/**
 * Members of `metrics` that the environment sets, and every variable of it that cannot be read,
 * without its value. They go before those of the file, which services on one machine share.
 */
export function environmentMetrics(environment: Environment): {
  value: MetricsFile;
  problems: string[];
} {
  const given = Object.entries(VARIABLES).flatMap(([member, variable]) => {
    const text = environment[variable] ?? '';
    return text === '' ? [] : [[member, text]];
  });
  const parsed = schema.safeParse(Object.fromEntries(given));
  if (parsed.success) return { value: parsed.data, problems: [] };
  const nameOf = (member: PropertyKey | undefined): string =>
    Object.entries(VARIABLES).find(([name]) => name === member)?.[1] ?? String(member);
  const problems = parsed.error.issues.map(({ path, message }) => `${nameOf(path[0])}: ${message}`);
  return { value: {}, problems };
}
