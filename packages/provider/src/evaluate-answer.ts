import type { Dialect } from '@understudy/contracts';
import { type CallFault, errorInsideAnswer, type FailedCall } from '@understudy/verdicts';
import type { Answer } from './answer.ts';
import { dialectFacts } from './dialects/dialect-facts.ts';
import { isObject } from './dialects/json-reading.ts';

/** How much of a failed answer's body the rules look at. */
const JUDGED_BODY_BYTES = 64 * 1024;

export type EvaluatedAnswer = ({ ok: true } & Answer) | { ok: false; failed: FailedCall };

/**
 * Tells an answer from a failure: an HTTP error, an error inside a 2xx, or a 2xx that is no
 * finished answer of the dialect. An error inside a 2xx keeps its own status where it states one
 * and is an `invalid_answer` otherwise; the body judged is then the error alone.
 * @param headers with lower-cased names
 */
export function evaluateAnswer(
  dialect: Dialect,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: Buffer,
): EvaluatedAnswer {
  if (status < 200 || status > 299) {
    return { ok: false, failed: { status, headers, body: judgedText(body) } };
  }
  const parsed = parseAnswer(body);
  if ('fault' in parsed) {
    return { ok: false, failed: { fault: parsed.fault, headers, body: judgedText(body) } };
  }
  const inside = errorInsideAnswer(dialect, parsed.value);
  if (inside !== undefined) {
    const cause =
      inside.status === undefined
        ? { fault: 'invalid_answer' as const }
        : { status: inside.status };
    return { ok: false, failed: { ...cause, headers, body: inside.body } };
  }
  const answer = isObject(parsed.value)
    ? dialectFacts(dialect).readAnswer(parsed.value)
    : undefined;
  if (answer === undefined) {
    return { ok: false, failed: { fault: 'invalid_answer', headers, body: judgedText(body) } };
  }
  return { ok: true, ...answer };
}

function parseAnswer(body: Buffer): { value: unknown } | { fault: CallFault } {
  const text = body.toString('utf8');
  try {
    // As it stands: whoever reads the kept bytes later takes no blanks but JSON's own either.
    return { value: JSON.parse(text) };
  } catch {
    return { fault: faultIn(text.trim()) };
  }
}

function faultIn(text: string): CallFault {
  if (text === '') return 'empty_answer';
  return isCutShort(text) ? 'truncated_answer' : 'invalid_answer';
}

// What begins as a JSON object and does not end as one was cut off on the way.
function isCutShort(text: string): boolean {
  return text.startsWith('{') && !text.endsWith('}');
}

function judgedText(body: Buffer): string {
  return body.toString('utf8', 0, JUDGED_BODY_BYTES);
}
