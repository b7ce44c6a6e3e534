import type { Ledger, SeenCall } from './ledger.ts';

/** The members of an attempt that the ledger is compared with, as the API shows them. */
export interface AttemptRecord {
  provider: string;
  outcome: string;
  requestId: string | undefined;
  statusCode: number | undefined;
}

/** The members of a job that the ledger is compared with, read when all is over. */
export interface FinalRecord {
  status: string;
  errorCode: string | undefined;
  attempts: readonly AttemptRecord[];
}

export interface LedgerReport {
  accepted: number;
  calls: number;
  /** Calls whose answer the broker never used: each is an interrupted or cancelled attempt. */
  duplicateCalls: number;
  /** Everything below is empty where the promises hold; each entry names a job or a call. */
  lost: string[];
  /** Two different outcomes were seen, or two submits with one key made two jobs. */
  doubled: string[];
  /** Completed without exactly one successful attempt. */
  forked: string[];
  /** Failed or expired though no provider said so. */
  failedByBroker: string[];
  callsWithoutAttempt: string[];
  attemptsWithoutCall: string[];
  /** The prompt that reached the vendor is not the one that was accepted. */
  changedPrompts: string[];
}

/** What a report holds where every promise was kept. */
export const NOTHING_WRONG = {
  lost: [],
  doubled: [],
  forked: [],
  failedByBroker: [],
  callsWithoutAttempt: [],
  attemptsWithoutCall: [],
  changedPrompts: [],
};

/** Codes of a failed job that come from what providers said. */
const PROVIDER_CODES = new Set(['provider_rejected', 'no_target_left', 'max_calls']);

/** Outcomes that stand for a call whose answer was not used, or that may never have been sent. */
const UNANSWERED = new Set(['interrupted', 'cancelled']);

/** Compares what was promised and seen with what the records say, by set difference. */
export function checkLedger(
  ledger: Ledger,
  records: ReadonlyMap<string, FinalRecord>,
): LedgerReport {
  const idByToken = new Map(ledger.accepted.map(({ token, id }) => [token, id]));
  const callsById = groupBy(
    ledger.calls,
    ({ token }) => idByToken.get(token) ?? `${token}, never accepted`,
  );
  const report: LedgerReport = {
    accepted: idByToken.size,
    calls: ledger.calls.length,
    duplicateCalls: 0,
    lost: [],
    doubled: doubledJobs(ledger),
    forked: [],
    failedByBroker: [],
    callsWithoutAttempt: [],
    attemptsWithoutCall: [],
    changedPrompts: changedPrompts(ledger),
  };
  const ended = new Set(ledger.ends.map(({ id }) => id));
  for (const id of new Set([...idByToken.values(), ...callsById.keys()])) {
    const record = records.get(id);
    if (record === undefined || !ended.has(id)) {
      report.lost.push(`${id} (${record?.status ?? 'no record'})`);
      continue;
    }
    compareJob(report, id, record, callsById.get(id) ?? []);
  }
  return report;
}

function compareJob(
  report: LedgerReport,
  id: string,
  { status, errorCode, attempts }: FinalRecord,
  calls: readonly SeenCall[],
): void {
  const successes = attempts.filter(({ outcome }) => outcome === 'succeeded').length;
  if (successes !== (status === 'completed' ? 1 : 0)) {
    report.forked.push(`${id} (${status} with ${successes} successes)`);
  }
  const blamesProvider = errorCode !== undefined && PROVIDER_CODES.has(errorCode);
  if (status === 'expired' || (status === 'failed' && !blamesProvider)) {
    report.failedByBroker.push(`${id} (${status}: ${errorCode ?? 'no code'})`);
  }
  const open = new Map(calls.map((call) => [call.requestId, call]));
  for (const { requestId, provider, statusCode, outcome } of attempts) {
    const call = requestId === undefined ? undefined : open.get(requestId);
    if (call?.provider === provider) open.delete(call.requestId);
    else if (requestId !== undefined || statusCode !== undefined) {
      report.attemptsWithoutCall.push(`${id} (${outcome} at ${provider}, ${requestId ?? '-'})`);
    }
  }
  // What is left got an answer that nobody used: an attempt without one must stand for each.
  for (const [provider, unused] of groupBy([...open.values()], (call) => call.provider)) {
    const standing = attempts.filter(
      (attempt) => attempt.provider === provider && standsForUnusedCall(attempt),
    ).length;
    report.duplicateCalls += unused.length;
    for (const call of unused.slice(standing)) {
      report.callsWithoutAttempt.push(`${id} (${call.requestId} at ${provider})`);
    }
  }
}

/** Interrupted and cancelled calls, and those that broke off or timed out. */
function standsForUnusedCall({ outcome, requestId, statusCode }: AttemptRecord): boolean {
  if (requestId !== undefined) return false;
  return UNANSWERED.has(outcome) || (outcome === 'failed' && statusCode === undefined);
}

function doubledJobs({ accepted, ends }: Ledger): string[] {
  const idsByToken = groupBy(accepted, ({ token }) => token);
  const endsById = groupBy(ends, ({ id }) => id);
  return [
    ...[...idsByToken].filter(([, jobs]) => new Set(jobs.map(({ id }) => id)).size > 1),
    ...[...endsById].filter(([, seen]) => new Set(seen.map(({ digest }) => digest)).size > 1),
  ].map(([name]) => name);
}

function changedPrompts({ accepted, calls }: Ledger): string[] {
  const promised = new Map(accepted.map(({ token, promptDigest }) => [token, promptDigest]));
  return calls
    .filter(
      ({ token, promptDigest }) => promised.has(token) && promised.get(token) !== promptDigest,
    )
    .map(({ requestId }) => requestId);
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  return Map.groupBy(items, keyOf);
}
