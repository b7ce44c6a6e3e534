import { expect } from 'vitest';
import { NOTHING_WRONG, checkLedger } from './check-ledger.ts';
import type { LedgerReport } from './check-ledger.ts';
import { inParallel } from './in-parallel.ts';
import type { Ledger } from './ledger.ts';
import type { PersistentClient } from './persistent-client.ts';

const READERS = 8;

/**
 * Reads every accepted job once more, as a client would, and expects that nothing was lost,
 * doubled, forked, hidden or invented.
 */
export async function expectLedgerKept(
  ledger: Ledger,
  client: PersistentClient,
  drainWithinMs = 60_000,
): Promise<LedgerReport> {
  const ids = [...new Set(ledger.accepted.map(({ id }) => id))];
  const deadline = performance.now() + drainWithinMs;
  const records = await inParallel(ids, READERS, async (id) => {
    const left = Math.max(1, deadline - performance.now());
    return [id, await client.watch(id, left).catch(() => undefined)] as const;
  });
  const found = records.flatMap(([id, record]) =>
    record === undefined ? [] : [[id, record] as const],
  );
  const report = checkLedger(ledger, new Map(found));
  expect(report).toMatchObject(NOTHING_WRONG);
  return report;
}
