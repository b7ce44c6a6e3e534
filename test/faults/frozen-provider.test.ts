import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Reply } from '../support/fake-vendor-reply.ts';
import { expectLedgerKept } from './audit.ts';
import { openFaultScene } from './fault-scene.ts';
import { faultSize, sayFigures } from './fault-size.ts';
import { inParallel } from '../../packages/runtime/src/index.ts';
import { until } from './until.ts';

const size = faultSize({ full: { races: 1500 }, short: { races: 120 } });
const LANES = 24;
/** Answers and cancels are spread over the same span, so that they meet. */
const SPAN_MS = 60;

test('a cancel that races with a frozen provider or with an answer leaves one outcome and its calls', async () => {
  await using scene = await openFaultScene({
    // Every call of the first provider is accepted and never answered.
    replyTo: ({ provider, number }): Reply =>
      provider === 'frozen' ? { answer: 'never' } : { delayMs: (number * 17) % SPAN_MS },
    providers: { frozen: 'timeout: 300ms, concurrency: 64', lively: 'concurrency: 64' },
    configuration: `
routes:
  frozen-first: { targets: [ { provider: frozen, model: m }, { provider: lively, model: m } ] }
  lively: { targets: [ { provider: lively, model: m } ] }
`,
  });
  const { ledger, vendor, client } = scene;
  const ends: Record<string, number> = {};
  const races = Array.from({ length: size.races }, (_, index) => index);
  await inParallel(races, LANES, async (race) => {
    const frozenFirst = race % 3 === 0;
    const id = await client.submit(`race-${race}`, frozenFirst ? 'frozen-first' : 'lively');
    await sleep(Math.random() * SPAN_MS * (frozenFirst ? 8 : 2));
    const { status } = await client.cancel(id);
    ends[status] = (ends[status] ?? 0) + 1;
  });
  const report = await expectLedgerKept(ledger, client);
  sayFigures('frozen provider', { ...ends, calls: report.calls, unused: report.duplicateCalls });
  // The races are worth their name only if either side wins some.
  expect(ends['cancelled']).toBeGreaterThan(0);
  expect(ends['completed']).toBeGreaterThan(0);
  expect((ends['cancelled'] ?? 0) + (ends['completed'] ?? 0)).toBe(size.races);
  await until('end of every open call', 10_000, () => vendor.open.now === 0 || undefined);
}, 300_000);
