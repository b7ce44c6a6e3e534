import { createHash } from 'node:crypto';

/** A submit that the API has acknowledged. */
export interface AcceptedJob {
  /** Names the job in its prompt and in its Idempotency-Key; the test's own. */
  token: string;
  id: string;
  promptDigest: string;
}

/** A call that reached the fake vendor whole. */
export interface SeenCall {
  /** Sent back as `x-request-id`, so that an attempt on a record names its call. */
  requestId: string;
  token: string;
  provider: string;
  promptDigest: string;
}

/** A final state that a client was shown. */
export interface SeenEnd {
  id: string;
  status: string;
  /** Of everything that must never change again. */
  digest: string;
}

/**
 * What the outside world saw, kept outside Redis and only ever added to: it knows what was
 * promised, whatever the broker forgets.
 */
export interface Ledger {
  readonly accepted: readonly AcceptedJob[];
  readonly calls: readonly SeenCall[];
  readonly ends: readonly SeenEnd[];
  accept(job: AcceptedJob): void;
  call(call: SeenCall): void;
  end(end: SeenEnd): void;
}

export function createLedger(): Ledger {
  const accepted: AcceptedJob[] = [];
  const calls: SeenCall[] = [];
  const ends: SeenEnd[] = [];
  return {
    accepted,
    calls,
    ends,
    accept: (job) => void accepted.push(job),
    call: (call) => void calls.push(call),
    end: (end) => void ends.push(end),
  };
}

export function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 16);
}
