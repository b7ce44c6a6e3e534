import type { BrokerStatus } from './broker-status.ts';
import { exampleJob } from './example-job.ts';
import type { ExampleJob } from './example-job.ts';
import { describeOutbound } from './local-outbound.ts';

export interface ReadyReport {
  url: string;
  apiKey: string;
  status: BrokerStatus;
  isSandbox: boolean;
  /** The configuration file; absent where the environment or the sandbox takes its place. */
  configPath?: string | undefined;
  /** What callbacks may reach beside public addresses. */
  outbound: readonly string[];
  /** Where the jobs are kept: a folder, or a Redis elsewhere. */
  keptIn: string;
  /** The file that tells Prometheus where metrics are; absent where they are off. */
  metricsPath?: string;
  seconds: number;
}

const MOST_ROUTES_SHOWN = 12;

/** What is printed once everything runs: address, key, providers, routes and a first job. */
export function formatReadyReport(report: ReadyReport): string {
  const { status, url, apiKey } = report;
  const providers = status.providers.map(({ id, alive }) => (alive ? id : `${id} (no worker yet)`));
  const shown = status.routes.slice(0, MOST_ROUTES_SHOWN).map((route) => route.name);
  const example = exampleJob(status);
  const hidden = status.routes.length - shown.length;
  const routes = hidden > 0 ? [...shown, `and ${hidden} more (GET /v1/routes)`] : shown;
  return [
    '',
    `Understudy is ready (${report.seconds.toFixed(1)} s).`,
    ...(report.isSandbox ? SANDBOX_NOTICE : []),
    '',
    `  address    ${url}   (API documentation: ${url}/docs)`,
    `  console    ${url}/console   (it asks for the key)`,
    `  API key    ${apiKey}`,
    ...(report.configPath === undefined ? [] : [`  settings   ${report.configPath}`]),
    `  jobs       ${report.keptIn}`,
    `  providers  ${providers.join(', ') || 'none'}`,
    `  routes     ${routes.join(', ') || 'none'}`,
    `  callbacks  ${describeOutbound(report.outbound)}`,
    ...(report.metricsPath === undefined
      ? []
      : [`  metrics    ${report.metricsPath}   (targets for Prometheus: docs/metrics.md)`]),
    '',
    ...(example === undefined ? [] : exampleLines(url, apiKey, example)),
    'Ctrl-C stops it.',
    '',
  ].join('\n');
}

const SANDBOX_NOTICE = [
  '',
  '  SANDBOX: no configuration file and no provider key was found, so every answer is made up',
  '  on this machine. For real providers set ANTHROPIC_API_KEY, OPENAI_API_KEY or another, or write',
  '  an understudy.yaml.',
];

function exampleLines(url: string, apiKey: string, job: ExampleJob): string[] {
  const body = JSON.stringify(job);
  return [
    'Submit a job, then wait for its answer:',
    '',
    `  JOB=$(curl -s ${url}/v1/jobs -H 'Authorization: Bearer ${apiKey}' -H 'Content-Type: application/json' \\`,
    `    -d '${body}' | tee /dev/stderr | grep -oE 'job_[A-Za-z0-9_-]+' | head -1)`,
    `  curl -s ${url}/v1/jobs/$JOB -H 'Authorization: Bearer ${apiKey}' -H 'Prefer: wait=30'; echo`,
    '',
    'The same from a script, and what else there is:',
    '',
    `  export UNDERSTUDY_URL=${url} UNDERSTUDY_API_KEY=${apiKey}`,
    `  npx understudy submit --model ${job.body.model} 'Say hello.' --wait`,
    '  npx understudy --help',
    '',
  ];
}
