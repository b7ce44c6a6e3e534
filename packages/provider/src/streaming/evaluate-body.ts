import type { Dialect } from '@understudy/contracts';
import { type EvaluatedAnswer, evaluateAnswer } from '../evaluate-answer.ts';
import { assembleAnswer } from './assemble-answer.ts';
import type { StreamFormat } from './stream-events.ts';

/** What came of a call, with the body that stands for it: whole, however it arrived. */
export interface EvaluatedBody {
  evaluated: EvaluatedAnswer;
  body: Buffer;
}

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * As `evaluateAnswer`, for an answer that came as a stream where `format` says so. An answer with
 * another status than a success is judged as it is: providers refuse a call in plain JSON.
 * @param format undefined for an answer that was not streamed
 * @param received a byte order mark at its beginning is neither judged nor kept
 */
export function evaluateBody(
  format: StreamFormat | undefined,
  dialect: Dialect,
  status: number,
  headers: Readonly<Record<string, string>>,
  received: Buffer,
): EvaluatedBody {
  const body = withoutMark(received);
  if (format === undefined || status < 200 || status > 299) {
    return { evaluated: evaluateAnswer(dialect, status, headers, body), body };
  }
  const assembled = assembleAnswer(format, dialect, body);
  if (assembled.ok) {
    const whole = assembled.body;
    return { evaluated: evaluateAnswer(dialect, status, headers, whole), body: whole };
  }
  // Without the body: half of a completion is no error to report.
  return { evaluated: { ok: false, failed: { fault: assembled.fault, headers, body: '' } }, body };
}

/** Some servers write it before UTF-8, and neither JSON nor what reads streams here takes it. */
function withoutMark(body: Buffer): Buffer {
  const { length } = BYTE_ORDER_MARK;
  return body.subarray(0, length).equals(BYTE_ORDER_MARK) ? body.subarray(length) : body;
}
