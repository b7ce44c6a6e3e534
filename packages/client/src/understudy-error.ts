/**
 * A request that the broker refused, or that never reached it. `message` is the broker's own and
 * says what to do.
 */
export class UnderstudyError extends Error {
  /** Of the answer; absent where there was none. */
  readonly status: number | undefined;
  /**
   * The broker's code (`model_not_found`, `rate_limited`, …); `connection_failed` where no answer
   * came, `invalid_answer` where it was none of a broker, `timeout` where a wait was over.
   */
  readonly code: string;
  /** Tells the broker's operator which request it was. */
  readonly requestId: string | undefined;
  /** How long the broker asks to be left alone. */
  readonly retryAfterMs: number | undefined;
  /** The broker says that the same request will be refused again, however often it is sent. */
  readonly final: boolean;

  constructor(
    message: string,
    details: {
      code: string;
      status?: number | undefined;
      requestId?: string | undefined;
      retryAfterMs?: number | undefined;
      final?: boolean;
      cause?: unknown;
    },
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'UnderstudyError';
    this.status = details.status;
    this.code = details.code;
    this.requestId = details.requestId;
    this.retryAfterMs = details.retryAfterMs;
    this.final = details.final ?? false;
  }
}

/** The error that an answer tells, in the form of any of the broker's surfaces. */
export async function errorOf(response: Response, now: number): Promise<UnderstudyError> {
  const told = readTold(await response.text());
  const { status, headers } = response;
  return new UnderstudyError(told.message ?? `the broker answered ${status}`, {
    status,
    code: told.code ?? `http_${status}`,
    requestId: headers.get('x-request-id') ?? headers.get('request-id') ?? undefined,
    retryAfterMs: retryAfterMs(headers, now),
    final: headers.get('x-should-retry') === 'false',
  });
}

/** `Retry-After` is seconds or a date (RFC 9110, section 10.2.3). */
export function retryAfterMs(headers: Headers, now: number): number | undefined {
  const exact = Number(headers.get('retry-after-ms') ?? NaN);
  if (exact >= 0) return exact;
  const text = headers.get('retry-after');
  if (text === null) return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  // `Date` makes some year or other of `0.5` and `-1`, which are neither.
  const date = /^[A-Z][a-z]{2,8},? /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** A proxy before the broker may answer anything. */
function readTold(text: string): { message?: string; code?: string } {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return {};
  }
  const error = memberOf(body, 'error');
  const message = memberOf(body, 'detail') ?? memberOf(error, 'message');
  const code = memberOf(error, 'code') ?? memberOf(error, 'type');
  return {
    ...(typeof message === 'string' ? { message } : {}),
    ...(typeof code === 'string' ? { code } : {}),
  };
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (Reflect.get(value, name) ?? undefined)
    : undefined;
}
