import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  ROOT,
  importedFile,
  importedPackage,
  readImports,
  readJson,
  readWorkspaces,
} from './support/source-tree.ts';
import type { SourceImport } from './support/source-tree.ts';

/** Which of our packages each workspace may depend on. A new edge is a decision: write it here. */
const EDGES: Readonly<Record<string, readonly string[]>> = {
  contracts: [],
  sealing: [],
  runtime: ['sealing'],
  models: ['contracts'],
  tracing: ['contracts', 'runtime'],
  verdicts: ['contracts'],
  configuration: ['contracts', 'verdicts'],
  provider: ['configuration', 'contracts', 'verdicts'],
  translation: ['contracts'],
  'answer-stream': ['provider'],
  client: [],
  console: ['client'],
  cli: ['client', 'configuration', 'contracts', 'outbound', 'runtime'],
  shaping: ['contracts', 'models', 'provider', 'routing', 'translation'],
  submission: [
    'configuration',
    'contracts',
    'job-store',
    'models',
    'outbound',
    'provider',
    'routing',
    'shaping',
    'webhooks',
  ],
  'job-store': ['contracts', 'runtime', 'sealing'],
  queue: ['contracts', 'runtime'],
  availability: ['contracts', 'runtime'],
  outbound: ['configuration'],
  limits: ['contracts', 'job-store', 'runtime'],
  statistics: ['contracts', 'job-store', 'runtime'],
  'file-store': ['configuration', 'contracts', 'runtime', 'sealing'],
  'batch-store': ['contracts', 'file-store', 'job-store', 'runtime', 'sealing'],
  routing: ['configuration', 'contracts', 'models'],
  dispatch: [
    'availability',
    'configuration',
    'contracts',
    'job-store',
    'limits',
    'queue',
    'routing',
    'runtime',
    'sealing',
    'tracing',
  ],
  metrics: [
    'configuration',
    'contracts',
    'dispatch',
    'job-store',
    'models',
    'queue',
    'routing',
    'runtime',
    'tracing',
  ],
  worker: [
    'availability',
    'configuration',
    'contracts',
    'dispatch',
    'job-store',
    'metrics',
    'models',
    'outbound',
    'provider',
    'queue',
    'routing',
    'runtime',
    'shaping',
    'tracing',
    'translation',
    'verdicts',
  ],
  api: [
    'answer-stream',
    'batch-store',
    'configuration',
    'console',
    'contracts',
    'dispatch',
    'file-store',
    'job-store',
    'limits',
    'metrics',
    'models',
    'provider',
    'queue',
    'routing',
    'runtime',
    'sealing',
    'statistics',
    'submission',
    'tracing',
    'webhooks',
  ],
  'batch-runner': [
    'batch-store',
    'configuration',
    'contracts',
    'dispatch',
    'file-store',
    'job-store',
    'limits',
    'metrics',
    'provider',
    'runtime',
    'submission',
    'tracing',
    'webhooks',
  ],
  sandbox: [],
  scheduler: [
    'availability',
    'batch-store',
    'configuration',
    'contracts',
    'dispatch',
    'job-store',
    'limits',
    'metrics',
    'routing',
    'runtime',
    'statistics',
    'tracing',
    'webhooks',
  ],
  standalone: ['configuration', 'contracts', 'runtime'],
  webhooks: ['contracts', 'job-store', 'queue', 'runtime', 'sealing'],
  'webhook-deliverer': [
    'configuration',
    'contracts',
    'job-store',
    'metrics',
    'outbound',
    'queue',
    'runtime',
    'tracing',
    'verdicts',
    'webhooks',
  ],
};

/** What a worker service may depend on, whichever its kind. */
const WORKER_SERVICE_EDGES = ['contracts', 'models', 'provider', 'verdicts', 'worker'];

/** Who may import a library's code. Its types are free where `types` says so. */
const OWNERS: Readonly<Record<string, { owners: readonly string[]; types: readonly string[] }>> = {
  bullmq: { owners: ['packages/queue'], types: [] },
  'prom-client': { owners: ['packages/metrics'], types: [] },
  undici: { owners: ['packages/outbound', 'packages/provider'], types: ['packages/worker'] },
  fastify: { owners: ['services/api', 'services/sandbox'], types: [] },
  // `standalone` watches over the Redis that it starts itself, before anything else is there.
  ioredis: {
    owners: ['packages/runtime', 'services/standalone'],
    types: ['packages/job-store'],
  },
  '@opentelemetry/api': { owners: ['packages/tracing'], types: [] },
  '@opentelemetry/exporter-trace-otlp-proto': { owners: ['packages/tracing'], types: [] },
  '@opentelemetry/resources': { owners: ['packages/tracing'], types: [] },
  '@opentelemetry/sdk-trace': { owners: ['packages/tracing'], types: [] },
  '@ai-sdk/amazon-bedrock': { owners: ['packages/translation'], types: [] },
  '@ai-sdk/anthropic': { owners: ['packages/translation'], types: [] },
  '@ai-sdk/google': { owners: ['packages/translation'], types: [] },
  '@ai-sdk/openai': { owners: ['packages/translation'], types: [] },
  '@ai-sdk/openai-compatible': { owners: ['packages/translation'], types: [] },
  '@ai-sdk/provider': { owners: ['packages/translation'], types: [] },
  '@aws-crypto/sha256-js': { owners: ['services/worker-bedrock'], types: [] },
  '@aws-sdk/credential-providers': { owners: ['services/worker-bedrock'], types: [] },
  '@smithy/core': { owners: ['packages/provider'], types: [] },
  'eventsource-parser': { owners: ['packages/client', 'packages/provider'], types: [] },
  '@aws-sdk/client-s3': { owners: ['packages/file-store'], types: [] },
  '@aws-sdk/lib-storage': { owners: ['packages/file-store'], types: [] },
  '@fastify/busboy': { owners: ['services/api'], types: [] },
  '@fastify/cors': { owners: ['services/api'], types: [] },
  helmet: { owners: ['services/api'], types: [] },
  '@fastify/static': { owners: ['services/api'], types: [] },
  commander: { owners: ['packages/cli'], types: [] },
  'csv-parse': { owners: ['packages/cli'], types: [] },
  'openapi-fetch': { owners: ['packages/client', 'packages/console'], types: [] },
  preact: { owners: ['packages/console'], types: [] },
  'preact-iso': { owners: ['packages/console'], types: [] },
  vite: { owners: ['packages/console'], types: [] },
  '@smithy/signature-v4': { owners: ['services/worker-bedrock'], types: [] },
  '@azure/identity': { owners: ['services/worker-azure'], types: [] },
  'google-auth-library': { owners: ['services/worker-vertex'], types: [] },
};

const workspaces = readWorkspaces();
const imports = readImports();
const isOurs = (name: string): boolean => name.startsWith('@understudy/');
const folderOf = ({ file }: SourceImport): string => file.split('/').slice(0, 2).join('/');
const written = ({ file, from }: SourceImport): string => `${file} imports ${from}`;

test('the tree was read', () => {
  expect(workspaces.length).toBeGreaterThan(15);
  expect(imports.length).toBeGreaterThan(500);
});

test.each(workspaces)('$folder depends on the packages it may and on no other', (workspace) => {
  const ours = workspace.dependencies.filter(isOurs).map((name) => name.slice(12));
  const own = EDGES[workspace.name];
  const allowed = own ?? (workspace.name.startsWith('worker-') ? WORKER_SERVICE_EDGES : []);
  expect({
    forbidden: ours.filter((name) => !allowed.includes(name)),
    // An edge that nobody needs any more leaves the table too.
    gone: (own ?? []).filter((name) => !ours.includes(name)),
  }).toEqual({ forbidden: [], gone: [] });
});

test.each(workspaces)('$folder is released with all others, under their version', ({ folder }) => {
  const { version } = readJson('package.json');
  expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  expect(readJson(`${folder}/package.json`)['version']).toBe(version);
});

test('nothing depends on a service, not even its tests', () => {
  const services = workspaces
    .filter(({ folder }) => folder.startsWith('services/'))
    .map(({ name }) => `@understudy/${name}`);
  for (const { folder, dependencies, devDependencies } of workspaces) {
    const found = [...dependencies, ...devDependencies].filter((name) => services.includes(name));
    expect({ folder, found }).toEqual({ folder, found: [] });
  }
});

test('an import by path stays in its own workspace, but for the support of the tests', () => {
  const strays = imports.filter((one) => {
    const target = importedFile(one);
    if (target === undefined || target.startsWith(`${folderOf(one)}/`)) return false;
    return !(one.inTest && target.startsWith('test/support/'));
  });
  expect(strays.map(written)).toEqual([]);
});

test('what only tests use is imported by tests alone', () => {
  const strays = imports.filter(
    (one) => !one.inTest && (importedFile(one) ?? one.from).includes('/testing'),
  );
  expect(strays.map(written)).toEqual([]);
});

test('what a workspace imports of ours, its package.json names', () => {
  const strays = imports.filter((one) => {
    const name = importedPackage(one);
    const workspace = workspaces.find(({ folder }) => folder === folderOf(one));
    if (name === undefined || !isOurs(name)) return false;
    const named = one.inTest
      ? [...(workspace?.dependencies ?? []), ...(workspace?.devDependencies ?? [])]
      : (workspace?.dependencies ?? []);
    return !named.includes(name);
  });
  expect(strays.map(written)).toEqual([]);
});

test('what of ours only the tests of a workspace import is a development dependency of it', () => {
  const used = new Set(
    imports
      .filter(({ inTest }) => !inTest)
      .map((one) => `${folderOf(one)} ${importedPackage(one)}`),
  );
  const idle = workspaces.flatMap(({ folder, dependencies }) =>
    dependencies
      .filter((name) => isOurs(name) && !used.has(`${folder} ${name}`))
      .map((name) => `${folder} ${name}`),
  );
  expect(idle).toEqual([]);
});

test.each(Object.entries(OWNERS))('%s is imported by its owners alone', (library, rule) => {
  const uses = imports.filter((one) => !one.inTest && importedPackage(one) === library);
  const strays = uses.filter((one) => {
    const allowed = one.typeOnly ? [...rule.owners, ...rule.types] : rule.owners;
    return !allowed.includes(folderOf(one));
  });
  const users = new Set(uses.map(folderOf));
  expect({
    strays: strays.map(written),
    gone: [...rule.owners, ...rule.types].filter((folder) => !users.has(folder)),
  }).toEqual({ strays: [], gone: [] });
});

test.each(workspaces)('$folder says in one line what it is', ({ name, folder, description }) => {
  expect(description).toMatch(/^[^\n]{20,120}\.$/);
  expect(readJson(`${folder}/package.json`)).toMatchObject({
    name: `@understudy/${name}`,
    private: true,
    type: 'module',
  });
});

const workerFolders = globSync('services/worker-*', { cwd: ROOT }).toSorted();

test.each(workerFolders)('%s is a definition of its kind and one starting line', (folder) => {
  const kind = folder.slice('services/worker-'.length);
  for (const file of ['src/main.ts', 'src/provider.ts']) {
    expect({ file, exists: existsSync(join(ROOT, folder, file)) }).toEqual({ file, exists: true });
  }
  expect(readJson(`${folder}/kind.json`)['kind']).toBe(kind);
  const started = imports.filter(({ file }) => file === `${folder}/src/main.ts`);
  expect(started.map(({ from }) => from).toSorted()).toEqual([
    './provider.ts',
    '@understudy/worker',
  ]);
});

test('every folder of packages and services is a workspace', () => {
  const folders = globSync('{packages,services}/*', { cwd: ROOT }).toSorted();
  expect(folders).toEqual(workspaces.map(({ folder }) => folder).toSorted());
});
