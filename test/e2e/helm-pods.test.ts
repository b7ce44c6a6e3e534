import { ScaledObject } from '@kubernetes-models/keda/keda.sh/v1alpha1/ScaledObject';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startFakeVendor } from '../support/fake-vendor.ts';
import { startHelmRelease } from '../support/helm-release.ts';
import { CHART, findHelm, renderChart } from '../support/helm.ts';
import { openTestRedis, testRedisUrl, uniqueKeyPrefix } from '../support/redis.ts';
import { removeKeys } from '../support/start-broker.ts';

const API_KEY = 'helm-api-key-1234567890';
const METRICS_TOKEN = 'helm-metrics-token-123';

/** Values beside the smallest ones, and the Secrets that they name. */
function release(vendorUrl: string, keyPrefix: string) {
  const provider = (name: string) => ({
    kind: 'openai',
    baseUrl: `${vendorUrl}/${name}/v1`,
    apiKey: `\${KEY_OF_${name.toUpperCase()}}`,
    concurrency: 1,
  });
  const set = {
    'config.providers': { first: provider('first'), second: provider('second') },
    'config.routes': {
      m: {
        targets: [
          { provider: 'first', model: 'm1' },
          { provider: 'second', model: 'm2' },
        ],
      },
    },
    'config.defaults': { gracePeriod: '2s' },
    'redis.url': testRedisUrl(),
    keyPrefix,
    'metrics.existingSecret': 'metrics',
    'workers.providers': {
      first: { secrets: ['first'] },
      second: { secrets: ['second'] },
    },
    'workers.autoscaling': { enabled: true, redis: { address: 'redis:6379' } },
  };
  const secrets = {
    'understudy-keys': { UNDERSTUDY_API_KEY: API_KEY },
    metrics: { UNDERSTUDY_METRICS_TOKEN: METRICS_TOKEN },
    first: { KEY_OF_FIRST: 'key-of-first' },
    second: { KEY_OF_SECOND: 'key-of-second' },
  };
  return { set, secrets };
}

test.skipIf(findHelm() === undefined)(
  'what the chart deploys becomes ready, does its work, is measured, and ends in time',
  async () => {
    const vendor = await startFakeVendor();
    onTestFinished(() => vendor.close());
    const keyPrefix = uniqueKeyPrefix();
    const { set, secrets } = release(vendor.url, keyPrefix);
    onTestFinished(() => removeKeys(testRedisUrl(), keyPrefix));
    await using running = await startHelmRelease(set, secrets);
    expect(running.pods.map(({ pod }) => pod.name).toSorted()).toEqual([
      'try-understudy-api',
      'try-understudy-scheduler',
      'try-understudy-webhook-deliverer',
      'try-understudy-worker-first',
      'try-understudy-worker-second',
    ]);

    const api = running.podOf('api').url;
    const headers = { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' };
    const submit = async (prefer: string): Promise<unknown> => {
      const body = { model: 'm', messages: [{ role: 'user', content: 'hello' }] };
      const answer = await fetch(`${api}/v1/jobs`, {
        method: 'POST',
        headers: { ...headers, prefer },
        body: JSON.stringify({ endpoint: '/v1/chat/completions', body }),
      });
      return answer.json();
    };
    vendor.onCall(/^\/first\//, { status: 404, body: { error: { code: 'model_not_found' } } });
    expect(await submit('wait=50')).toMatchObject({
      status: 'completed',
      attempts: [
        { provider: 'first', outcome: 'failed' },
        { provider: 'second', outcome: 'succeeded' },
      ],
    });
    expect(vendor.calls.map(({ headers: { authorization } }) => authorization)).toEqual([
      'Bearer key-of-first',
      'Bearer key-of-second',
    ]);

    for (const { url, pod } of running.pods) {
      const closed = await fetch(`${url}/metrics`);
      expect([pod.name, closed.status]).toEqual([pod.name, 401]);
      const open = await fetch(`${url}/metrics`, {
        headers: { authorization: `Bearer ${METRICS_TOKEN}` },
      });
      expect([pod.name, open.status]).toEqual([pod.name, 200]);
    }

    // One call at a time, so that the rest waits where KEDA looks.
    vendor.onCall(/^\/second\//, { answer: 'never' });
    await Promise.all([submit(''), submit(''), submit('')]);
    const manifests = await renderChart([join(CHART, 'ci/smallest-values.yaml')], { set });
    const keys = manifests
      .filter((manifest) => ScaledObject.is(manifest))
      .map(({ spec }) => spec?.triggers[0]?.metadata['listName'] ?? '');
    const redis = openTestRedis();
    await vi.waitFor(
      async () => {
        const lengths = await Promise.all(keys.map((key) => redis.zcard(key)));
        expect(lengths.toSorted((a, b) => a - b)).toEqual([0, 2]);
      },
      { timeout: 20_000 },
    );

    for (const { service } of running.pods) service.kill('SIGTERM');
    const stopped = performance.now();
    await Promise.all(
      running.pods.map(async ({ pod, service }) => {
        expect([pod.name, await service.ended]).toEqual([pod.name, 0]);
        const seconds = (performance.now() - stopped) / 1000;
        expect(seconds).toBeLessThan(pod.spec.terminationGracePeriodSeconds ?? 0);
      }),
    );
  },
  180_000,
);
