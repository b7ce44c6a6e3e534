import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { alertQueries } from '../support/metrics-queries.ts';
import { ROOT } from '../support/source-tree.ts';

const page = readFileSync(join(ROOT, 'docs/runbook.md'), 'utf8');

test('the runbook has a heading for each alert, and for nothing else', () => {
  const headings = [...page.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
  const alerts = alertQueries().map(({ name }) => name);
  expect(headings).toHaveLength(alerts.length);
  expect(new Set(headings)).toEqual(new Set(alerts));
});

test('what the runbook asks about jobs and deliveries it asks of a project that it names, or of all', () => {
  const commands = [...page.matchAll(/^understudy .*$/gm)].map(([line]) => line);
  const ofProjects = commands.filter((line) =>
    / (?:stats|ls|get|deliveries|test|redeliver)\b/.test(line.replace(/#.*/, '')),
  );
  expect(ofProjects.length).toBeGreaterThan(5);
  expect(ofProjects.filter((line) => !line.startsWith('understudy --project '))).toEqual([]);
});
