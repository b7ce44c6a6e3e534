import { expect, test } from 'vitest';
import type { Choice } from './provider-rules.ts';
import { resolveRoute } from './resolve-route.ts';
import { scene } from './testing/routing-scene.ts';

const TODAY = '2026-11-22';
const sonnet = { 'claude-sonnet-4': 'claude-sonnet-4-20250514' };

test('an explicit route of exactly the asked name wins over one of the same model', () => {
  const views = scene(
    { a: {}, b: {} },
    {
      'claude-sonnet-4': { targets: [{ provider: 'a' }] },
      'claude-sonnet-4-0': { targets: [{ provider: 'b' }] },
    },
  );
  expect(resolveRoute('claude-sonnet-4-0', views, TODAY)).toMatchObject({
    name: 'claude-sonnet-4-0',
    automatic: false,
    targets: [{ provider: 'b' }],
  });
});

test('another spelling of a routed model takes its explicit route', () => {
  const views = scene({ a: {} }, { 'claude-sonnet-4-0': { targets: [{ provider: 'a' }] } });
  expect(resolveRoute('claude-sonnet-4-20250514', views, TODAY)).toMatchObject({
    name: 'claude-sonnet-4-0',
    automatic: false,
  });
});

test('an automatic route holds every provider that knows the name, the vendor itself first', () => {
  const views = scene({
    vertex: { registration: { vendor: 'vertex', models: sonnet } },
    other: { registration: { models: { 'gpt-5': 'gpt-5' } } },
    databricks: { registration: { vendor: 'databricks', models: sonnet } },
    anthropic: { registration: { vendor: 'anthropic', models: sonnet } },
  });
  expect(resolveRoute('claude-sonnet-4-0', views, TODAY)).toMatchObject({
    name: 'claude-sonnet-4-0',
    automatic: true,
    maxCalls: 25,
    targets: [{ provider: 'anthropic' }, { provider: 'vertex' }, { provider: 'databricks' }],
  });
});

const anyName = { vendor: 'anthropic', models: {}, passthrough: true };

test('providers that pass names through make the automatic route of a name that nobody holds', () => {
  const views = scene({
    gateway: { registration: anyName },
    b: {},
    vllm: { registration: anyName },
  });
  expect(resolveRoute('our-fine-tune', views, TODAY)?.targets).toEqual([
    { provider: 'gateway' },
    { provider: 'vllm' },
  ]);
});

test.each([
  ['in its table', { models: sonnet }],
  ["among the operator's names", { models: {}, overrides: { 'claude-sonnet-4': 'acme-1' } }],
  ['among those it takes as they are', { models: {}, accepts: ['claude-sonnet-4'] }],
  ['as one that it has retired', { models: {}, retired: { 'claude-sonnet-4': '2026-01-01' } }],
])('they are on no route of a name that another holds %s', (_where, acme) => {
  const views = scene({
    first: { registration: anyName },
    acme: { registration: acme },
    last: { registration: anyName },
  });
  expect(resolveRoute('claude-sonnet-4', views, TODAY)?.targets).toEqual([{ provider: 'acme' }]);
});

test('one that passes names through is on the route of a name that it holds itself', () => {
  const vllm = { registration: { ...anyName, models: sonnet } };
  const views = scene({ gateway: { registration: anyName }, vllm });
  expect(resolveRoute('claude-sonnet-4', views, TODAY)?.targets).toEqual([{ provider: 'vllm' }]);
});

test('they come last where nobody who holds the name may see the job, and for no other job', () => {
  const views = scene(
    { vllm: { registration: anyName }, main: {}, gateway: { registration: anyName }, backup: {} },
    {},
    { projectProviders: { strict: { only: ['vllm'] }, other: { except: ['main'] } } },
  );
  const providersFor = (job?: Choice) =>
    resolveRoute('m', views, TODAY, job)?.targets.map(
      (target) => 'provider' in target && target.provider,
    );
  const all = ['main', 'backup', 'vllm', 'gateway'];
  expect(providersFor({ project: 'strict' })).toEqual(all);
  expect(providersFor({ project: 'free', providers: { only: ['gateway'] } })).toEqual(all);
  expect(providersFor({ project: 'other', providers: { except: ['backup'] } })).toEqual(all);
  for (const job of [undefined, { project: 'free' }, { project: 'other' }]) {
    expect(providersFor(job)).toEqual(['main', 'backup']);
  }
});

test('a provider that no worker ever registered is on no automatic route', () => {
  expect(resolveRoute('m', scene({ a: { registration: null }, b: {} }), TODAY)?.targets).toEqual([
    { provider: 'b' },
  ]);
});

test('a name that nobody knows has no route', () => {
  expect(resolveRoute('constructor', scene({ a: {} }), TODAY)).toBeUndefined();
  expect(resolveRoute('gpt-0', scene({ a: {} }), TODAY)).toBeUndefined();
});

test('without automatic routes only explicit ones are there', () => {
  const views = scene({ a: {} }, { opus: { targets: [{ provider: 'a' }] } }, { autoRoutes: false });
  expect(resolveRoute('m', views, TODAY)).toBeUndefined();
  expect(resolveRoute('opus', views, TODAY)?.name).toBe('opus');
});
