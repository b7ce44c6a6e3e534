import { expect, test } from 'vitest';
import { formatReadyReport } from './ready-report.ts';

const report = {
  url: 'http://127.0.0.1:8080',
  apiKey: 'a-key',
  status: { providers: [], routes: [] },
  isSandbox: false,
  outbound: [],
  keptIn: '.data',
  seconds: 1,
};

test('the file that is used is named, and none where there is none', () => {
  const configPath = '/here/understudy.yaml';
  expect(formatReadyReport({ ...report, configPath })).toContain(`  settings   ${configPath}\n`);
  expect(formatReadyReport(report)).not.toContain('settings');
});
