import { expect, test } from 'vitest';
import { explainRoute } from './explain-route.ts';
import { NOON, cooling, scene } from './testing/routing-scene.ts';

test('each target says its name, its model there and whether a job would go there', () => {
  const views = scene(
    {
      open: {},
      cold: { availability: cooling(NOON + 5000) },
      dead: { alive: false },
      probed: { availability: { kind: 'half_open', probing: true, until: NOON + 1 } },
      ignorant: { registration: { models: {} } },
      old: { registration: { retired: { m: '2026-01-01' } } },
      never: { registration: null, alive: false },
    },
    {
      m: {
        targets: ['open', 'cold', 'dead', 'probed', 'ignorant', 'old', 'never'].map((provider) => ({
          provider,
        })),
      },
    },
  );
  const explained = explainRoute('m', '/v1/chat/completions', views, NOON);
  expect(explained).toMatchObject({ name: 'm', automatic: false });
  expect(explained?.targets.map(({ target, state }) => [target, state])).toEqual([
    ['open', 'open'],
    ['cold', 'cooling_down'],
    ['dead', 'no_worker'],
    ['probed', 'probing'],
    ['ignorant', 'unmapped'],
    ['old', 'retired'],
    ['never', 'no_worker'],
  ]);
  expect(explained?.targets[0]).toMatchObject({ provider: 'open', model_sent: 'm-at-open' });
  expect(explained?.targets[1]).toMatchObject({ until: NOON + 5000 });
});

test('the arms of a split show their shares, and which of them are fallbacks', () => {
  const views = scene(
    { a: {}, b: {} },
    {
      m: {
        targets: [
          {
            split: [
              { provider: 'a', model: 'm7', weight: 3, fallback: false },
              { provider: 'b', weight: 1, fallback: true },
            ],
          },
        ],
      },
    },
  );
  expect(explainRoute('m', undefined, views, NOON)?.targets).toEqual([
    {
      target: 'a/m7',
      provider: 'a',
      kind: 'openai',
      model_drawn: 'm7',
      model_sent: 'm7',
      state: 'open',
      share: 0.75,
    },
    {
      target: 'b',
      provider: 'b',
      kind: 'openai',
      model_sent: 'm-at-b',
      state: 'open',
      share: 0.25,
      fallback: true,
    },
  ]);
});

test('a dialect matters only where an endpoint was named', () => {
  const views = scene({ a: {} });
  expect(explainRoute('m', '/v1/messages', views, NOON)?.targets[0]?.dialect).toBe(
    'chat-completions',
  );
  expect(explainRoute('m', '/v1/embeddings', views, NOON)?.targets[0]?.state).toBe(
    'dialect_unsupported',
  );
  expect(explainRoute('m', undefined, views, NOON)?.targets[0]?.state).toBe('open');
});

test('a name without a route has no explanation', () => {
  expect(explainRoute('gpt-0', undefined, scene({ a: {} }), NOON)).toBeUndefined();
});

test('providers that are thought away are down, whatever they are, but for what bars the job', () => {
  const views = scene(
    {
      paused: { availability: { kind: 'paused' } },
      cold: { availability: cooling(NOON + 5000) },
      open: {},
      ignorant: { registration: { models: {} } },
    },
    {
      m: { targets: ['paused', 'cold', 'open', 'ignorant'].map((provider) => ({ provider })) },
    },
  );
  const states = (without: string[]) =>
    explainRoute('m', undefined, views, NOON, without)?.targets.map(({ state }) => state);
  expect(states([])).toEqual(['paused', 'cooling_down', 'open', 'unmapped']);
  expect(states(['cold', 'ignorant'])).toEqual(['paused', 'down', 'open', 'unmapped']);
  const [, cold] = explainRoute('m', undefined, views, NOON, ['cold'])?.targets ?? [];
  expect(cold?.until).toBeUndefined();
});

test('a route is explained for the jobs of a project', () => {
  const projectProviders = { acme: { except: ['a'] } };
  const views = scene({ a: {}, b: {} }, {}, { projectProviders });
  const states = (project?: string) =>
    explainRoute('m', undefined, views, NOON, [], project)?.targets.map(({ state }) => state);
  expect(states('acme')).toEqual(['provider_excluded', 'open']);
  expect(states('other')).toEqual(['open', 'open']);
  expect(states()).toEqual(['open', 'open']);
});

test('a project that may go to none who knows the name is shown who takes any', () => {
  const vllm = { registration: { models: {}, passthrough: true } };
  const views = scene({ a: {}, vllm }, {}, { projectProviders: { acme: { only: ['vllm'] } } });
  const states = (project?: string) =>
    explainRoute('m', undefined, views, NOON, [], project)?.targets.map(
      ({ target, state, model_sent: sent }) => [target, state, sent],
    );
  expect(states('acme')).toEqual([
    ['a', 'provider_excluded', 'm-at-a'],
    ['vllm', 'open', 'm'],
  ]);
  expect(states()).toEqual([['a', 'open', 'm-at-a']]);
});
