import { createServer } from 'node:http';
import type { Provider } from '@understudy/client';
import { expect, test } from 'vitest';
import { listenForTest } from '../../../../test/support/listen-for-test.ts';
import { emptyCheckout } from '../testing/empty-checkout.ts';
import { runAgainst } from '../testing/run-against.ts';

const NOW = Date.parse('2026-11-22T09:00:00Z');

interface Broker {
  provider?: Partial<Provider>;
}

/** What the doctor says of a broker with this provider, `acme`. */
async function findingsOf({ provider }: Broker): Promise<string> {
  const acme = { id: 'acme', kind: 'openai', alive: true, cooldowns: [], stale_names: [] };
  const answers: Record<string, object> = {
    '/readyz': { status: 'ready' },
    '/v1/providers': { data: [{ ...acme, ...provider }] },
  };
  const url = await listenForTest(
    createServer(({ url: path = '', method }, response) => {
      const answer = answers[path];
      const isUnknown = method === 'POST' || path.startsWith('/v1/routes/');
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
