import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const DEPLOY = join(import.meta.dirname, '../../deploy');
export const RULES_FILE = join(DEPLOY, 'prometheus/understudy.rules.yml');
export const DASHBOARD_FILE = join(DEPLOY, 'grafana/understudy.json');

/** One query of the dashboard or of an alert, as Prometheus is asked it. */
export interface MetricsQuery {
  /** The panel or the alert. */
  name: string;
  query: string;
}

const dashboardSchema = z.object({
  schemaVersion: z.literal(42),
  panels: z.array(
    z.object({
      title: z.string(),
      targets: z.array(z.object({ expr: z.string().min(1) })).optional(),
    }),
  ),
  templating: z.object({
    list: z.array(z.object({ name: z.string(), definition: z.string().optional() })),
  }),
});

const rulesSchema = z.object({
  groups: z.array(z.object({ rules: z.array(z.object({ alert: z.string(), expr: z.string() })) })),
});

/** With Grafana's variables replaced by what stands for "all" over the last `rangeSeconds`. */
export function dashboardQueries(rangeSeconds: number): MetricsQuery[] {
  const dashboard = dashboardSchema.parse(JSON.parse(readFileSync(DASHBOARD_FILE, 'utf8')));
  const range = `${rangeSeconds}s`;
  return dashboard.panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => ({
      name: title,
      query: expr
        .replaceAll('$__rate_interval', range)
        .replaceAll('$__range', range)
        .replaceAll('$namespace', '.*')
        .replaceAll('$provider', '.*'),
    })),
  );
}

/** Of the dashboard's variables: `label_values(<metric>, <label>)`, the metric with matchers or without. */
export function variableSources(): { metric: string; label: string }[] {
  const { templating } = dashboardSchema.parse(JSON.parse(readFileSync(DASHBOARD_FILE, 'utf8')));
  return templating.list.flatMap(({ definition }) => {
    if (definition === undefined) return [];
    const [, metric = '', label = ''] =
      /^label_values\((\w+)(?:\{[^}]*\})?, (\w+)\)$/.exec(definition) ?? [];
    return [{ metric, label }];
  });
}

export function alertQueries(): MetricsQuery[] {
  const { groups } = rulesSchema.parse(parse(readFileSync(RULES_FILE, 'utf8')));
  return groups.flatMap(({ rules }) =>
    rules.map(({ alert, expr }) => ({ name: alert, query: expr })),
  );
}
