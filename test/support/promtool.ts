import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

// Needs `promtool` on the PATH, which comes with Prometheus.

/** What it says of a file of rules. @throws Error with its words where one is not right */
export async function checkRules(path: string): Promise<string> {
  const { stdout } = await promisify(execFile)('promtool', ['check', 'rules', path]);
  return stdout;
}

/** Series as they come in, one value each half minute, and what fires after a time. */
export interface AlertScene {
  name: string;
  /** By series, such as `up{job="a"}`: values in the tool's short form, such as `1x10 stale`. */
  series: Record<string, string>;
  /** Such as `20m`. */
  at: string;
  /** The labels of each alert that fires, `alertname` among them. */
  firing: readonly Record<string, string>[];
}

/** What it says of the scenes. @throws Error with its words where one goes otherwise */
export async function tryAlerts(rules: string, scenes: readonly AlertScene[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-promtool-'));
  const file = {
    rule_files: [rules],
    evaluation_interval: '30s',
    tests: scenes.map(({ name, series, at, firing }) => ({
      name,
      interval: '30s',
      input_series: Object.entries(series).map(([one, values]) => ({ series: one, values })),
      promql_expr_test: [
        {
          expr: 'ALERTS{alertstate="firing"}',
          eval_time: at,
          exp_samples: firing.map((labels) => ({ labels: firingAlert(labels), value: 1 })),
        },
      ],
    })),
  };
  try {
    // JSON is YAML.
    const path = join(folder, 'alerts.yml');
    writeFileSync(path, JSON.stringify(file));
    const { stdout } = await promisify(execFile)('promtool', ['test', 'rules', path]);
    return stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function firingAlert(labels: Record<string, string>): string {
  const all = Object.entries({ alertstate: 'firing', ...labels });
  return `ALERTS{${all.map(([label, value]) => `${label}=${JSON.stringify(value)}`).join(', ')}}`;
}
