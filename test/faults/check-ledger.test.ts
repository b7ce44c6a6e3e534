import { expect, test } from 'vitest';
import { NOTHING_WRONG, checkLedger } from './check-ledger.ts';
import type { AttemptRecord, FinalRecord, LedgerReport } from './check-ledger.ts';
import { createLedger } from './ledger.ts';
import type { Ledger } from './ledger.ts';

const success: AttemptRecord = attempt({ outcome: 'succeeded', requestId: 'call-1' });
const completed: FinalRecord = { status: 'completed', errorCode: undefined, attempts: [success] };

function attempt(given: Partial<AttemptRecord>): AttemptRecord {
  const requestId = given.requestId;
  const statusCode = requestId === undefined ? undefined : 200;
  return { provider: 'a', outcome: 'failed', requestId, statusCode, ...given };
}

/** One job, accepted, called once and seen completed; then whatever went wrong. */
function seen(
  record: FinalRecord | undefined,
  goWrong: (ledger: Ledger) => void = () => undefined,
): LedgerReport {
  const ledger = createLedger();
  ledger.accept({ token: 't1', id: 'job_1', promptDigest: 'p' });
  ledger.call({ requestId: 'call-1', token: 't1', provider: 'a', promptDigest: 'p' });
  if (record !== undefined) ledger.end({ id: 'job_1', status: record.status, digest: 'd' });
  goWrong(ledger);
  return checkLedger(ledger, new Map(record === undefined ? [] : [['job_1', record]]));
}

const blameless = { accepted: 1, calls: 1, duplicateCalls: 0, ...NOTHING_WRONG };

test('a job whose call is on its record leaves nothing to report', () => {
  expect(seen(completed)).toEqual(blameless);
});

test('an accepted job without a record, or that nobody saw end, is lost', () => {
  expect(seen(undefined).lost).toEqual(['job_1 (no record)']);
  const forgotten = seen(completed, (ledger) =>
    ledger.accept({ token: 't2', id: 'job_2', promptDigest: 'p' }),
  );
  expect(forgotten.lost).toEqual(['job_2 (no record)']);
});

test('two outcomes of a job, and two jobs of a key, are doubled', () => {
  const twice = seen(completed, (ledger) =>
    ledger.end({ id: 'job_1', status: 'failed', digest: 'other' }),
  );
  expect(twice.doubled).toEqual(['job_1']);
  const second = seen(completed, (ledger) => {
    ledger.accept({ token: 't1', id: 'job_1', promptDigest: 'p' });
    ledger.accept({ token: 't1', id: 'job_9', promptDigest: 'p' });
  });
  expect(second.doubled).toEqual(['t1']);
});

test('a second success, or an end without one, is a fork', () => {
  const again = attempt({ outcome: 'succeeded', requestId: 'call-2' });
  const record = { ...completed, attempts: [success, again] };
  const report = seen(record, (ledger) =>
    ledger.call({ requestId: 'call-2', token: 't1', provider: 'a', promptDigest: 'p' }),
  );
  expect(report.forked).toEqual(['job_1 (completed with 2 successes)']);
  expect(seen({ ...completed, attempts: [] }).forked).toHaveLength(1);
});

test('a failure that no provider caused is the broker’s', () => {
  const failed = { status: 'failed', attempts: [attempt({ requestId: 'call-1' })] };
  expect(seen({ ...failed, errorCode: 'internal_error' }).failedByBroker).toEqual([
    'job_1 (failed: internal_error)',
  ]);
  expect(seen({ ...failed, errorCode: 'provider_rejected' }).failedByBroker).toEqual([]);
});

const callAgain = (ledger: Ledger) =>
  ledger.call({ requestId: 'call-2', token: 't1', provider: 'a', promptDigest: 'p' });

test('a call whose answer was not used must stand on the record as interrupted', () => {
  const hidden = seen(completed, callAgain);
  expect(hidden).toMatchObject({
    duplicateCalls: 1,
    callsWithoutAttempt: ['job_1 (call-2 at a)'],
  });
  const interrupted = attempt({ outcome: 'interrupted' });
  const shown = seen({ ...completed, attempts: [interrupted, success] }, callAgain);
  expect(shown).toEqual({ ...blameless, calls: 2, duplicateCalls: 1 });
  const elsewhere = attempt({ outcome: 'interrupted', provider: 'b' });
  const wrong = seen({ ...completed, attempts: [elsewhere, success] }, callAgain);
  expect(wrong.callsWithoutAttempt).toEqual(['job_1 (call-2 at a)']);
});

test('an attempt that names a call nobody saw, or one twice, is reported', () => {
  const invented = attempt({ requestId: 'call-7' });
  const report = seen({ ...completed, attempts: [invented, success] });
  expect(report.attemptsWithoutCall).toEqual(['job_1 (failed at a, call-7)']);
  const twice = seen({ ...completed, attempts: [attempt({ requestId: 'call-1' }), success] });
  expect(twice.attemptsWithoutCall).toHaveLength(1);
});

test('a prompt that changed on its way is reported', () => {
  const report = seen(completed, (ledger) =>
    ledger.call({ requestId: 'call-2', token: 't1', provider: 'a', promptDigest: 'other' }),
  );
  expect(report.changedPrompts).toEqual(['call-2']);
});
