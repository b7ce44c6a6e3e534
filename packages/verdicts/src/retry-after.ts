import { parseProviderError } from './provider-error.ts';

type Headers = Readonly<Record<string, string>>;

/** A longer delay is a misunderstanding, such as an instant where a delay belongs. */
const MAX_CREDIBLE_MS = 31 * 24 * 60 * 60 * 1000;

const UNIT_MS = new Map([
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);

interface LimitHeaders {
  remaining: string;
  reset: string;
  /** How this vendor writes the reset. */
  read: (text: string, now: number) => number | undefined;
}

const LIMITS: readonly LimitHeaders[] = [
  ...['requests', 'tokens'].map((limit) => ({
    remaining: `x-ratelimit-remaining-${limit}`,
    reset: `x-ratelimit-reset-${limit}`,
    read: durationMs,
  })),
  ...['requests', 'tokens', 'input-tokens', 'output-tokens'].map((limit) => ({
    remaining: `anthropic-ratelimit-${limit}-remaining`,
    reset: `anthropic-ratelimit-${limit}-reset`,
    read: untilInstantMs,
  })),
];

/**
 * The delay in milliseconds that a failed call's answer asks for, uncapped; undefined where it
 * states none that can be believed. The most exact statement wins: `retry-after-ms`,
 * `x-ms-retry-after-ms`, `retry-after` (seconds or HTTP date), Google's `RetryInfo`, and for a
 * 429 the reset of a limit that is used up.
 * @param headers lower-cased names
 * @param now milliseconds since the epoch
 * @param status of the answer; limit headers stand on every answer and mean a delay only on a 429
 */
export function retryAfterMs(
  headers: Headers,
  body: string,
  now: number,
  status?: number,
): number | undefined {
  const statements = [
    () => number(headers['retry-after-ms'], 1),
    () => number(headers['x-ms-retry-after-ms'], 1),
    () => number(headers['retry-after'], 1000) ?? untilDateMs(headers['retry-after'], now),
    () => googleRetryDelayMs(body),
    () => (status === 429 ? limitResetMs(headers, now) : undefined),
  ];
  for (const statement of statements) {
    const delayMs = credible(statement());
    if (delayMs !== undefined) return delayMs;
  }
  return undefined;
}

/**
 * The delay in milliseconds that a header of a vendor's own states, uncapped: seconds, a duration
 * such as `6m0s`, or an HTTP date. Undefined where it states none that can be believed.
 */
export function headerDelayMs(text: string | undefined, now: number): number | undefined {
  return credible(number(text, 1000) ?? durationMs(text ?? '') ?? untilDateMs(text, now));
}

function credible(delayMs: number | undefined): number | undefined {
  if (delayMs === undefined || !(delayMs >= 0 && delayMs <= MAX_CREDIBLE_MS)) return undefined;
  return Math.ceil(delayMs);
}

function number(text: string | undefined, factor: number): number | undefined {
  return /^\d+(?:\.\d+)?$/.test(text?.trim() ?? '') ? Number(text) * factor : undefined;
}

/** `Wed, 21 Oct 2026 07:28:00 GMT`; other spellings that Date.parse would accept are refused. */
function untilDateMs(text: string | undefined, now: number): number | undefined {
  return text !== undefined && /^\s*[A-Z][a-z]{2,8},? /.test(text)
    ? Date.parse(text) - now
    : undefined;
}

function untilInstantMs(text: string, now: number): number | undefined {
  return /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) - now : undefined;
}

function googleRetryDelayMs(body: string): number | undefined {
  for (const detail of parseProviderError(body).details) {
    const delay = detail['retryDelay'];
    if (typeof delay === 'string') return durationMs(delay);
  }
  return undefined;
}

/** All used-up limits must have been reset, so the latest counts. */
function limitResetMs(headers: Headers, now: number): number | undefined {
  const resetsMs = LIMITS.flatMap(({ remaining, reset, read }) => {
    if (number(headers[remaining], 1) !== 0) return [];
    const resetMs = credible(read(headers[reset] ?? '', now));
    return resetMs === undefined ? [] : [resetMs];
  });
  return resetsMs.length === 0 ? undefined : Math.max(...resetsMs);
}

/** `6m0s`, `1s`, `20ms`, `1h2m3.5s`. */
function durationMs(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    total += Number(amount) * (UNIT_MS.get(unit) ?? Number.NaN);
  }
  return total;
}
