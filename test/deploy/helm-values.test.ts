import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ScaledObject } from '@kubernetes-models/keda/keda.sh/v1alpha1/ScaledObject';
import { Pod } from 'kubernetes-models/v1/Pod';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { parseSettings } from '../../packages/configuration/src/index.ts';
import { MOST_BATCH_BYTES } from '../../services/api/src/batches/message-requests.ts';
import { CHART, findHelm, renderChart, runHelm } from '../support/helm.ts';
import { podsOf } from '../support/rendered-pods.ts';
import { ROOT, readJson } from '../support/source-tree.ts';

const SMALLEST = join(CHART, 'ci/smallest-values.yaml');
const EVERYTHING = join(CHART, 'ci/everything-values.yaml');

/** Helm is a process of its own, on machines that may be busy. */
const timeout = 60_000;
const skip = findHelm() === undefined;

describe.skipIf(skip)('values that cannot be right are refused', { timeout }, () => {
  test.each([
    ['no Redis', { 'redis.url': '' }, /redis\.existingSecret/],
    ['a password in the values', { 'redis.url': 'redis://:secret@redis:6379' }, /url/],
    ['a key in the values', { 'config.providers.anthropic.apiKey': 'sk-ant-1234567890' }, /apiKey/],
    ['a provider of no kind', { 'config.providers.other': { region: 'x' } }, /kind/],
    ['a kind that nobody serves', { 'config.providers.anthropic.kind': 'antropic' }, /kind/],
    [
      'workers of a provider that is not configured',
      { 'workers.providers.antropic': { replicas: 3 } },
      /workers\.providers\.antropic: config\.providers has no "antropic"; it has anthropic/,
    ],
    ['batches without shared files', { 'batchRunner.enabled': true }, /config\.files\.s3/],
    [
      'a folder of files that is none of the volume',
      { 'files.persistence.enabled': true, 'config.files': { path: '.data/files' } },
      /config\.files\.path: .* at \/data\/files/,
    ],
    ['monitors without a token', { 'monitoring.enabled': true }, /metrics\.existingSecret/],
    [
      'scaling without a measure',
      { 'workers.autoscaling.enabled': true },
      /prometheus\.serverAddress or redis\.address/,
    ],
    [
      'scaling of one provider without a measure',
      { 'workers.providers.anthropic.autoscaling': { enabled: true } },
      /workers of anthropic: KEDA needs prometheus\.serverAddress or redis\.address/,
    ],
    [
      'sentinels without the name of a server',
      {
        'workers.autoscaling': {
          enabled: true,
          redis: { type: 'redis-sentinel', address: 'sentinel:26379' },
        },
      },
      /redis\.sentinelMaster/,
    ],
    [
      'a database that KEDA would not look in',
      {
        'redis.url': 'redis://redis:6379/2',
        'workers.autoscaling': { enabled: true, redis: { address: 'redis:6379' } },
      },
      /redis\.url names the database 2, and KEDA would look in 0; set redis\.database/,
    ],
    [
      'a database of sentinels that KEDA would not look in',
      {
        'redis.url': 'rediss+sentinel://sentinel:26379,other:26379/main/3',
        'workers.autoscaling': {
          enabled: true,
          redis: { type: 'redis-sentinel', address: 'sentinel:26379', sentinelMaster: 'main' },
        },
      },
      /redis\.url names the database 3, and KEDA would look in 0/,
    ],
    [
      'a cool-down that Kubernetes refuses',
      { 'workers.autoscaling.cooldownSeconds': 3601 },
      /cooldownSeconds/,
    ],
    ['an ingress without hosts', { 'ingress.enabled': true }, /hosts/],
    ['a misspelt value', { 'api.replica': 3 }, /replica/],
    ['an API that is off', { 'api.enabled': false }, /propertyName 'enabled'/],
    ['a scheduler that is off', { 'scheduler.enabled': false }, /propertyName 'enabled'/],
    ['a scaled runner', { 'batchRunner.autoscaling': {} }, /propertyName 'autoscaling'/],
    ['a Service of workers', { 'workers.service': {} }, /propertyName 'service'/],
    [
      'a Service of one provider’s workers',
      { 'workers.providers.anthropic.service': {} },
      /propertyName 'service'/,
    ],
    [
      'providers of a provider',
      { 'workers.providers.anthropic.providers': {} },
      /propertyName 'providers'/,
    ],
    ['a duration that is none', { 'config.defaults.gracePeriod': 'soon' }, /"soon"/],
  ])('%s', async (_, set, message) => {
    await expect(renderChart([SMALLEST], { set })).rejects.toThrow(message);
  });
});

/** What says of each pod which configuration it was started with. */
async function stampsOf(set: Record<string, unknown>): Promise<string[]> {
  const pods = podsOf(await renderChart([SMALLEST], { set }));
  return pods.map(({ annotations }) => annotations['checksum/config'] ?? 'none');
}

/** The volumes that pods have for files. */
async function fileVolumesOf(values: string): Promise<object[]> {
  return podsOf(await renderChart([values])).flatMap(
    ({ spec }) => spec.volumes?.filter(({ name }) => name === 'files') ?? [],
  );
}

test.each(['docs/deployment.md', 'deploy/helm/understudy/values.yaml'])(
  'the ingress that %s advises takes the largest bodies of the API',
  (page) => {
    const advised = /proxy-body-size: (\d+)m\b/.exec(readFileSync(join(ROOT, page), 'utf8'));
    const { files, limits } = parseSettings('', {
      environment: {},
      kinds: [],
      credentials: 'ignore',
    });
    const largest = Math.max(files.maxBytes, limits.bodyBytes, MOST_BATCH_BYTES);
    expect(Number(advised?.[1]) * 1024 * 1024).toBeGreaterThanOrEqual(largest);
  },
);

describe.skipIf(skip)('the chart', { timeout }, () => {
  test('knows the kinds that there are services for', () => {
    const schema = readJson('deploy/helm/understudy/values.schema.json') as {
      properties: {
        config: {
          properties: {
            providers: { additionalProperties: { properties: { kind: { enum: string[] } } } };
          };
        };
      };
    };
    const { kind } = schema.properties.config.properties.providers.additionalProperties.properties;
    const served = globSync('services/worker-*', { cwd: ROOT }).map((folder) =>
      folder.slice('services/worker-'.length),
    );
    expect(kind.enum).toEqual(served.toSorted());
  });

  test('is of the version of the broker', () => {
    const chart = parse(readFileSync(join(CHART, 'Chart.yaml'), 'utf8')) as object;
    expect(chart).toMatchObject({ appVersion: readJson('package.json')['version'] });
  });

  test('starts pods anew for a change of providers, and none for a change of routes', async () => {
    const before = await stampsOf({});
    expect(new Set(before).size).toBe(1);
    const target = { provider: 'anthropic' };
    expect(await stampsOf({ 'config.routes.opus': { targets: [target] } })).toEqual(before);
    const after = await stampsOf({ 'config.providers.anthropic.concurrency': 7 });
    expect(after.filter((stamp) => before.includes(stamp))).toEqual([]);
  });

  test('gives providers whose names look alike names of their own', async () => {
    const key = '${ANTHROPIC_API_KEY}';
    const named = (name: string) => [
      `config.providers.${name}`,
      { kind: 'anthropic', apiKey: key },
    ];
    const set = Object.fromEntries(['a-b', 'a_b', 'A-B'].map((name) => named(name)));
    const names = podsOf(await renderChart([SMALLEST], { set })).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain('try-understudy-worker-a-b');
  });

  test('takes what one provider’s workers need beside what all have', async () => {
    const pods = podsOf(await renderChart([EVERYTHING]));
    const of = (provider: string) =>
      pods.find(({ environment }) => environment.get('UNDERSTUDY_PROVIDERS') === provider);
    expect(of('anthropic-prod')?.container.resources).toEqual({
      requests: { cpu: '1', memory: '256Mi' },
      limits: { memory: '1Gi' },
    });
    expect(of('openai')?.container.resources?.requests).toMatchObject({ cpu: '250m' });
    expect(of('vertex')?.spec.serviceAccountName).toBe('vertex');
    expect(of('openai')?.spec.serviceAccountName).toBe('try-understudy');
    expect(of('anthropic-backup')?.deployment.spec?.replicas).toBe(1);
  });

  test('has every service refuse to start without encryption where it is required', async () => {
    const pods = podsOf(await renderChart([SMALLEST], { set: { 'encryption.required': true } }));
    for (const { name, environment } of pods) {
      expect([name, environment.get('UNDERSTUDY_ENCRYPTION_REQUIRED')]).toEqual([name, 'true']);
    }
  });

  test('tries the API from a pod that runs where the API may', async () => {
    const tolerations = [{ key: 'pool', operator: 'Equal', value: 'llm', effect: 'NoSchedule' }];
    const set = {
      tolerations,
      nodeSelector: { pool: 'spot' },
      'api.nodeSelector': { pool: 'llm' },
    };
    const manifests = await renderChart([SMALLEST], { set });
    const [pod] = manifests.filter((manifest) => Pod.is(manifest));
    const api = podsOf(manifests).find(({ entry }) => entry === 'services/api/src/main.ts');
    expect(api?.spec).toMatchObject({ tolerations, nodeSelector: { pool: 'llm' } });
    expect(pod?.spec).toMatchObject({ tolerations, nodeSelector: { pool: 'llm' } });
  });

  test('keeps files where all pods find them, or nowhere', async () => {
    const claimed = { persistentVolumeClaim: { claimName: 'try-understudy-files' } };
    const shared = await fileVolumesOf(join(CHART, 'ci/folder-values.yaml'));
    expect(shared).toMatchObject([claimed, claimed]);
    expect(await fileVolumesOf(SMALLEST)).toEqual([]);
    expect(await fileVolumesOf(EVERYTHING)).toEqual([]);
  });

  test('scales by the measure of each provider, where all together have none', async () => {
    const set = {
      'workers.autoscaling.enabled': true,
      'workers.providers.anthropic.autoscaling': { redis: { address: 'redis:6379' } },
    };
    const manifests = await renderChart([SMALLEST], { set });
    const scaled = manifests.filter((manifest) => ScaledObject.is(manifest));
    expect(scaled.map(({ spec }) => spec?.triggers[0]?.metadata['address'])).toEqual([
      'redis:6379',
    ]);
  });

  test.each([
    ['redis', 'redis://redis:6379/2', '2'],
    ['redis-sentinel', 'redis+sentinel://redis:26379/main/2', '2'],
    ['redis-cluster', 'redis+cluster://redis:6379', undefined],
  ])('has KEDA look in the database of the broker: %s', async (type, url, index) => {
    const database = index === undefined ? {} : { database: Number(index) };
    const redis = { type, address: 'redis:6379', sentinelMaster: 'main', ...database };
    const set = { 'redis.url': url, 'workers.autoscaling': { enabled: true, redis } };
    const manifests = await renderChart([SMALLEST], { set });
    const [scaled] = manifests.filter((manifest) => ScaledObject.is(manifest));
    expect(scaled?.spec?.triggers[0]?.metadata['databaseIndex']).toBe(index);
  });

  test('is the same once it is packaged, its linked files included', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'understudy-chart-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    await runHelm(['package', CHART, '--destination', folder]);
    const [chart = ''] = globSync(join(folder, '*.tgz'));
    expect(await renderChart([EVERYTHING], { chart })).toEqual(await renderChart([EVERYTHING]));
  });

  test('tells what to do next', async () => {
    const install = ['install', 'try', CHART, '--dry-run=client', '--namespace', 'llm'];
    const notes = await runHelm([...install, '--values', SMALLEST]);
    expect(notes).toContain('helm test try --namespace llm');
    expect(notes).toContain('service/try-understudy-api 8080:80');
    expect(notes).toContain('Nobody watches it');
  });

  test('tells that the API waits for a provider that has no workers here', async () => {
    const install = ['install', 'try', CHART, '--dry-run=client', '--namespace', 'llm'];
    const notes = await runHelm([...install, '--values', join(CHART, 'ci/folder-values.yaml')]);
    expect(notes).toMatch(/provider groq has no workers here [^]*No API\s+becomes ready until/);
  });
});
