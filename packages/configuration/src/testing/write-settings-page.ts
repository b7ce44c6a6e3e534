import { code } from './each-setting.ts';
import type { DescribedSetting } from './each-setting.ts';

const VARIABLES: readonly (readonly [name: string, of: string, what: string])[] = [
  ['REDIS_URL', 'every service', '`redis://127.0.0.1:6379` unless set; [its forms](redis.md)'],
  [
    'UNDERSTUDY_CONFIG',
    'every service',
    'the file; without one the keys of providers in the environment',
  ],
  [
    'UNDERSTUDY_KEY_PREFIX',
    'every service',
    'first part of every key in Redis, `understudy` unless set: brokers with different ones share a Redis unharmed',
  ],
  ['LOG_LEVEL', 'every service', '`info` unless set; [logs](tracing.md#logs)'],
  [
    'UNDERSTUDY_ENCRYPTION_KEYS`, `UNDERSTUDY_ENCRYPTION_KEYS_FILE`, `UNDERSTUDY_ENCRYPTION_REQUIRED',
    'every service',
    '[encryption at rest](data.md#encryption-at-rest)',
  ],
  [
    'UNDERSTUDY_METRICS_ENABLED`, `…_HOST`, `…_PORT`, `…_TOKEN',
    'every service',
    'go before the members of `metrics`',
  ],
  ['OTEL_EXPORTER_OTLP_ENDPOINT` and others of `OTEL_…', 'every service', '[traces](tracing.md)'],
  ['PORT`, `HOST', 'API', '`8080` and `127.0.0.1` unless set'],
  [
    'UNDERSTUDY_API_KEY',
    'API, command line',
    '[the first key](keys.md), registered at every start',
  ],
  [
    'UNDERSTUDY_URL',
    'command line',
    '[the broker that it goes to](cli.md), `http://127.0.0.1:8080` unless set',
  ],
  [
    'UNDERSTUDY_PROJECT',
    'command line',
    '[the project that it acts in](cli.md#as-an-operator), that of the key unless set',
  ],
  ['UNDERSTUDY_KEY_PEPPER', 'API', '[how keys are stored](keys.md#how-keys-are-stored)'],
  ['UNDERSTUDY_FILES_PATH', 'API, batch-runner', 'where the file has no `files.path`'],
  ['UNDERSTUDY_OUTBOUND_ALLOW', 'every service', 'where the file has no `outbound.allow`'],
  [
    'UNDERSTUDY_PROVIDERS',
    'workers',
    '[the providers that it serves](deployment.md#workers-of-some-providers-alone)',
  ],
];

const INTRODUCTION = `# Configuration: every setting

This page is written by a test from the schema that the file is checked by
(\`packages/configuration/src/settings-file.ts\`), as is
[understudy.schema.json](understudy.schema.json), which makes editors complete and check the file.

\`npm start\` reads the file that \`--config\` or \`UNDERSTUDY_CONFIG\` names, else \`understudy.yaml\` in the
current folder, else nothing but the environment; it prints which file it took. A single service, as in a
container, reads what \`UNDERSTUDY_CONFIG\` names and nothing else. \`\${NAME}\` is
replaced by the variable of the environment, \`\${NAME:-text}\` by the text where it is not set. A duration is a number
and a unit: \`250ms\`, \`30s\`, \`5m\`, \`1h\`, \`7d\`. Every problem of a file is listed at once, with its path;
\`understudy doctor\` lists them before anything is started.

A change of the file is taken up by what runs, within seconds; a broken one, and a file that is suddenly empty, is
logged, and what was valid before holds. When a service starts, and only then, it reads \`providers\`, \`webhooks\`,
\`server\`, \`cors\`, \`metrics\`, \`files.path\`, \`files.s3\`, \`limits.bodyBytes\`, \`redis.durability\`, \`defaults.gracePeriod\`,
\`defaults.drainDelay\` and, but for the check of URLs at submit, \`outbound\`. A provider that was taken out of the
file goes on until its worker starts anew; jobs that an \`except\` kept from it are kept from it until then. Pause it
first ([providers.md](providers.md#pausing)): its queue empties at once. What still stands there when it is taken out
goes on within about ten seconds once the scheduler has started anew.

In the tables \`*\` stands for a name that you choose, and \`[]\` for each item of a list.`;

/** The page of all settings, a table for each section. */
export function writeSettingsPage(settings: readonly DescribedSetting[]): string {
  const sections = Map.groupBy(settings, ({ path }) => /^\w+/.exec(path)?.[0] ?? '');
  return `${[INTRODUCTION, ...[...sections.values()].map(writeSection), writeVariables()].join('\n\n')}\n`;
}

function writeSection(settings: readonly DescribedSetting[]): string {
  const [head, ...rest] = settings;
  if (head === undefined) return '';
  const about = [head.description ?? '', ...defaultLine(head)].join(' ');
  const title = `## \`${head.path}\`\n\n${about}`;
  if (rest.length === 0) return title;
  const rows = rest.map(({ path, takes, byDefault, description = '' }) =>
    tableLine([code(path), takes, byDefault === undefined ? '' : code(byDefault), description]),
  );
  return [`${title}\n`, tableLine(['setting', 'takes', 'by default', 'what']), RULE, ...rows].join(
    '\n',
  );
}

function writeVariables(): string {
  const rows = VARIABLES.map(([name, of, what]) => tableLine([`\`${name}\``, of, what]));
  const table = [tableLine(['variable', 'read by', 'what']), '| --- | --- | --- |', ...rows];
  return `## Variables of the environment\n\n${table.join('\n')}`;
}

const RULE = '| --- | --- | --- | --- |';

function defaultLine({ byDefault }: DescribedSetting): string[] {
  return byDefault === undefined ? [] : [`By default ${code(byDefault)}.`];
}

function tableLine(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
