import { until } from './until.ts';
import { digestOf, type Ledger } from './ledger.ts';
import type { FinalRecord } from './check-ledger.ts';

const TERMINAL = new Set(['completed', 'failed', 'cancelled', 'expired']);
const ANSWER_WITHIN_MS = 90_000;
const ONE_TRY_MS = 10_000;
const LONG_POLL_SECONDS = 5;

export interface PersistentClient {
  /** Submits with the token as key, again and again, until the API has answered. */
  submit(token: string, model: string): Promise<string>;
  /** Long-polls until the job has ended, through every failure of the API. */
  watch(id: string, timeoutMs?: number): Promise<FinalRecord>;
  cancel(id: string): Promise<FinalRecord>;
  /** Any answer below 500. */
  request(path: string, init?: RequestInit): Promise<unknown>;
}

/**
 * A caller who does not give up: a connection that breaks, a 503 or no answer means "again", with
 * the same key. Everything it was told goes into the ledger.
 * @param url asked for before each try, so that a test may spread requests
 */
export function createPersistentClient(
  url: () => string,
  apiKey: string,
  ledger: Ledger,
): PersistentClient {
  const request = (path: string, init: RequestInit = {}, timeoutMs = ANSWER_WITHIN_MS) => {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${apiKey}`);
    return until(`answer to ${init.method ?? 'GET'} ${path}`, timeoutMs, async () => {
      try {
        const signal = AbortSignal.timeout(ONE_TRY_MS);
        const response = await fetch(`${url()}${path}`, { ...init, headers, signal });
        const text = await response.text();
        if (response.status >= 500) return undefined;
        if (!response.ok) throw new RefusedError(`${path} answered ${response.status}: ${text}`);
        const answer: unknown = JSON.parse(text);
        return answer;
      } catch (error) {
        if (error instanceof RefusedError) throw error;
        return undefined;
      }
    });
  };
  const look = async (path: string, init?: RequestInit, timeoutMs?: number) => {
    const job = await request(path, init, timeoutMs);
    noteEnd(ledger, job);
    return finalRecord(job);
  };

  return {
    request,
    submit: async (token, model) => {
      const body = chatBody(token, model);
      const job = await request('/v1/jobs', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': token },
        body: JSON.stringify({ endpoint: '/v1/chat/completions', body }),
      });
      const id = textOf(job, 'id');
      ledger.accept({ token, id, promptDigest: digestOf(body.messages) });
      return id;
    },
    watch: (id, timeoutMs = ANSWER_WITHIN_MS) =>
      until(`end of ${id}`, timeoutMs, async () => {
        const headers = { prefer: `wait=${LONG_POLL_SECONDS}` };
        const record = await look(`/v1/jobs/${id}`, { headers }, timeoutMs);
        return TERMINAL.has(record.status) ? record : undefined;
      }),
    cancel: (id) => look(`/v1/jobs/${id}/cancel`, { method: 'POST' }),
  };
}

/** The API has answered, and not as the client hoped: no use in trying again. */
class RefusedError extends Error {}

/** The request of a job that is recognised by its token wherever it shows up. */
export function chatBody(token: string, model: string) {
  return { model, messages: [{ role: 'user', content: `token:${token}: Good day?` }] };
}

function noteEnd(ledger: Ledger, job: unknown): void {
  const status = textOf(job, 'status');
  if (!TERMINAL.has(status)) return;
  const fixed = ['status', 'completed_at', 'result', 'error'].map((name) => member(job, name));
  ledger.end({ id: textOf(job, 'id'), status, digest: digestOf(fixed) });
}

function finalRecord(job: unknown): FinalRecord {
  const attempts = member(job, 'attempts');
  const error = member(job, 'error');
  return {
    status: textOf(job, 'status'),
    errorCode: error === undefined ? undefined : textOf(error, 'code'),
    attempts: (Array.isArray(attempts) ? attempts : []).map((attempt: unknown) => {
      const requestId = member(attempt, 'request_id');
      const statusCode = member(attempt, 'status_code');
      return {
        provider: textOf(attempt, 'provider'),
        outcome: textOf(attempt, 'outcome'),
        requestId: typeof requestId === 'string' ? requestId : undefined,
        statusCode: typeof statusCode === 'number' ? statusCode : undefined,
      };
    }),
  };
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.getOwnPropertyDescriptor(value, name)?.value
    : undefined;
}

function textOf(value: unknown, name: string): string {
  const text = member(value, name);
  if (typeof text !== 'string') throw new Error(`"${name}" is no text in the API's answer`);
  return text;
}
