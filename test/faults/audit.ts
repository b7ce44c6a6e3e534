import { expect } from 'vitest';
import { NOTHING_WRONG, checkLedger } from './check-ledger.ts';
import type { LedgerReport } from './check-ledger.ts';
import { inParallel } from '../../packages/runtime/src/index.ts';
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
  const unended: string[] = [];
  const records = await inParallel(ids, READERS, async (id) => {
    const left = Math.max(1, deadline - performance.now());
    try {
      return [id, await client.watch(id, left)] as const;
    } catch (error) {
      unended.push(`${String(error)}: ${await lastWord(client, id)}`);
      return [id, undefined] as const;
    }
  });
  if (unended.length > 0) process.stdout.write(`not ended:\n${unended.join('\n')}\n`);
  const found = records.flatMap(([id, record]) =>
    record === undefined ? [] : [[id, record] as const],
  );
  const report = checkLedger(ledger, new Map(found));
  expect(report).toMatchObject(NOTHING_WRONG);
  return report;
}

/** What the API says of a job that should have ended, for whoever looks for the cause. */
async function lastWord(client: PersistentClient, id: string): Promise<string> {
  const said = await client.request(`/v1/jobs/${id}`).catch(String);
  return JSON.stringify(said);
}
