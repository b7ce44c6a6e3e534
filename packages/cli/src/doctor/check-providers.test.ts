import { createServer } from 'node:http';
import type { ExplainedRoute, Model, Provider } from '@understudy/client';
import { expect, test } from 'vitest';
import { listenForTest } from '../../../../test/support/listen-for-test.ts';
import { emptyCheckout } from '../testing/empty-checkout.ts';
import { runAgainst } from '../testing/run-against.ts';

const NOW = Date.parse('2026-11-22T09:00:00Z');

interface Broker {
  provider?: Partial<Provider>;
  models?: Partial<Model>[];
  /** Written ones. */
  routes?: { name: string; targets: Partial<ExplainedRoute['targets'][number]>[] }[];
  /** Whether any name is sent to it as it is. */
  passthrough?: boolean;
}

/** What the doctor says of a broker with this provider, `acme`. */
async function findingsOf({
  provider,
  models = [],
  routes = [],
  passthrough = false,
}: Broker): Promise<string> {
  const acme = { id: 'acme', kind: 'openai', alive: true, cooldowns: [], stale_names: [] };
  const answers: Record<string, object> = {
    '/readyz': { status: 'ready' },
    '/v1/providers': { data: [{ ...acme, ...provider }] },
    '/v1/models': { data: models },
    '/v1/routes': { data: routes.map(({ name }) => ({ name, automatic: false })) },
    ...Object.fromEntries(routes.map((route) => [`/v1/routes/${route.name}`, route])),
  };
  const any = { name: 'any', targets: [{ provider: 'acme', state: 'open' }] };
  const url = await listenForTest(
    createServer(({ url: path = '', method }, response) => {
      const isRoute = path.startsWith('/v1/routes/');
      const answer = answers[path] ?? (isRoute && passthrough ? any : undefined);
      const isUnknown = method === 'POST' || isRoute;
      response.writeHead(answer === undefined && isUnknown ? 404 : 200, {
        'content-type': 'application/json',
      });
      response.end(JSON.stringify(answer ?? { data: [], has_more: false }));
    }),
  );
  return (await runAgainst(url, ['doctor'], { root: emptyCheckout(), now: () => NOW })).stdout;
}

function cooldown(until: string, alert: boolean): Partial<Provider> {
  const started = new Date(NOW - 60_000).toISOString();
  const rule = alert ? 'default.status_401' : 'default.fault_connect';
  const state = Date.parse(until) > NOW ? 'cooling' : 'half_open';
  return {
    cooldowns: [
      {
        scope: 'provider',
        model: '*',
        state,
        started_at: started,
        until,
        rule,
        failures: 1,
        alert,
      },
    ],
  };
}

test('of a provider that refuses our account it is told how to end the rest once that is mended', async () => {
  expect(await findingsOf({ provider: cooldown('2026-11-22T09:10:00Z', true) })).toMatch(
    /^warn +provider acme: all models cool down by default\.status_401 for another 10 m; look at its key and billing, then: understudy providers clear-cooldown acme$/m,
  );
});

test('a cool-down whose time is over is told as one that was', async () => {
  expect(await findingsOf({ provider: cooldown('2026-11-22T08:59:59Z', false) })).toMatch(
    /^warn +provider acme: all models cooled down by default\.fault_connect; that is over, and the next job finds out whether it answers again$/m,
  );
});

const KNOWS_NOT = { target: 'acme', provider: 'acme', state: 'unmapped' };

test.each([
  ['that has no names', {}],
  ['to which a route leads without a name it knows', { targets: [KNOWS_NOT] }],
])('no name leads to a provider %s', async (_which, { targets }: { targets?: object[] }) => {
  const routes = targets === undefined ? [] : [{ name: 'chat', targets }];
  const models = routes.map(({ name }) => ({ id: name, providers: ['acme'] }));
  expect(await findingsOf({ routes, models })).toMatch(
    /^warn +provider acme: no name leads to it; give it "models"/m,
  );
});

test.each([
  ['that knows a model', { models: [{ id: 'm', providers: ['acme'] }] }],
  ['that takes any name', { passthrough: true }],
  [
    'whose model a route names',
    { routes: [{ name: 'chat', targets: [{ ...KNOWS_NOT, state: 'open' }] }] },
  ],
])('a name leads to a provider %s', async (_which, broker: Broker) => {
  expect(await findingsOf(broker)).toMatch(/^ok +provider acme: a worker serves it$/m);
});
