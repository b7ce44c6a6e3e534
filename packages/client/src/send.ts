import { anySignal } from './any-signal.ts';
import { pause } from './pause.ts';
import { UnderstudyError, errorOf } from './understudy-error.ts';

interface SendOptions {
  /** For one try, up to its answer's head, or its end where that is JSON. */
  timeoutMs?: number;
  /** False for a body that can be read only once. */
  repeat?: boolean;
  signal?: AbortSignal | undefined;
}

/**
 * Sends what `make` makes, again and again while the broker is away, asks to be left alone or says
 * that it could not: so `make` is called once per try, and what it makes must be safe to repeat.
 * A DELETE that finds nothing any more after a try whose answer was lost has been done by that one.
 * @returns an answer of 2xx
 * @throws UnderstudyError for every other answer, and when there is none for too long
 */
export type Send = (make: () => Request, options?: SendOptions) => Promise<Response>;

export interface SendSettings {
  fetch(request: Request): Promise<Response>;
  /** After how long no further try is begun. */
  retryForMs: number;
  random(): number;
  /** Ends every request. */
  signal?: AbortSignal | undefined;
}

/** Above the longest long-poll of 55 s. */
const TRY_TIMEOUT_MS = 75_000;
const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 8000;

export function createSend({ fetch, retryForMs, random, signal: always }: SendSettings): Send {
  return async (make, { timeoutMs = TRY_TIMEOUT_MS, repeat = true, signal: own } = {}) => {
    const signal = anySignal(always, own);
    const startedAt = performance.now();
    let mayBeDone = false;
    for (let failures = 0; ; failures += 1) {
      const request = make();
      const { answer, error, retry, isLost } = await tryOnce(fetch, request, timeoutMs, signal);
      if (answer !== undefined) return answer;
      if (mayBeDone && request.method === 'DELETE' && error.status === 404) return done();
      mayBeDone ||= isLost;
      const delayMs = error.retryAfterMs ?? backoffMs(failures, random);
      const spentMs = performance.now() - startedAt;
      if (!retry || !repeat || spentMs + delayMs > retryForMs) throw error;
      await pause(delayMs, signal);
    }
  };
}

type Try =
  | { answer: Response; error?: undefined; retry?: undefined; isLost?: undefined }
  /** `isLost`: the broker may have got the request, and nobody knows what it made of it. */
  | { answer?: undefined; error: UnderstudyError; retry: boolean; isLost: boolean };

/**
 * Of answers that are still read. A signal ends what its request asked for only as long as somebody
 * refers to the request: Node lets go of one that is garbage, and of its abort (nodejs/undici#4068).
 */
const requests = new WeakMap<ReadableStream, Request>();

/** @throws the caller's own reason to abort, and nothing else */
async function tryOnce(
  fetch: SendSettings['fetch'],
  request: Request,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Try> {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), timeoutMs);
  const ends = anySignal(timeout.signal, request.signal, signal);
  const sent = new Request(request, { signal: ends });
  try {
    const response = await fetch(sent);
    if (response.body !== null) requests.set(response.body, sent);
    if (response.ok) return { answer: await readIfJson(response) };
    const error = await errorOf(response, Date.now());
    return { error, retry: mayRetry(response), isLost: FROM_A_PROXY.includes(response.status) };
  } catch (cause) {
    signal.throwIfAborted();
    request.signal.throwIfAborted();
    const error = connectionError(request, timeout.signal.aborted, cause);
    return { error, retry: true, isLost: !isUnreached(cause) };
  } finally {
    clearTimeout(timer);
  }
}

/** What a proxy says that got no answer of the broker. */
const FROM_A_PROXY: readonly number[] = [502, 504];

/** What Node says where there was no connection to send anything over. */
const UNREACHED: readonly unknown[] = [
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
];

/** Whether the broker surely got nothing of it; a browser does not tell. */
function isUnreached(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && UNREACHED.includes(cause.code);
}

function done(): Response {
  return new Response(null, { status: 204 });
}

/** Reads it whole, so that an answer that breaks off is asked for again. Streams are left alone. */
async function readIfJson(response: Response): Promise<Response> {
  if (!isJson(response)) return response;
  const { status, headers } = response;
  return new Response(await response.text(), { status, headers });
}

export function isJson({ headers }: Response): boolean {
  return /^application\/(?:[\w.+-]+\+)?json\b/.test(headers.get('content-type') ?? '');
}

function mayRetry({ status, headers }: Response): boolean {
  const asked = headers.get('x-should-retry');
  if (asked !== null) return asked === 'true';
  return status === 408 || status === 429 || status >= 500;
}

function connectionError(request: Request, timedOut: boolean, cause: unknown): UnderstudyError {
  const { origin } = new URL(request.url);
  const what = timedOut ? 'did not answer in time' : 'cannot be reached';
  return new UnderstudyError(`the broker at ${origin} ${what}; is it running?`, {
    code: 'connection_failed',
    cause,
  });
}

/** Between half and all of a delay that doubles, so that many clients do not come back at once. */
function backoffMs(failures: number, random: () => number): number {
  const longestMs = Math.min(FIRST_DELAY_MS * 2 ** failures, LONGEST_DELAY_MS);
  return longestMs * (0.5 + random() / 2);
}
