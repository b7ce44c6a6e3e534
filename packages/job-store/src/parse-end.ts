import { isTerminal, jobStatusSchema } from '@understudy/contracts';
import { z } from 'zod';
import type { EndedJob } from './job-store.ts';
import type { NewerRecord } from './newer-record.ts';
import type { RecordSeal } from './record-seal.ts';

/** The fields of a record that `parseEnd` reads; `parseRecord` says what they hold. */
export const END_FIELDS = ['st', 'req', 'end', 'v'] as const;

const textOrNull = z.string().nullable();
const fieldsSchema = z.tuple([textOrNull, textOrNull, textOrNull, textOrNull]);

/**
 * Reads what a job came to, without its way there, which is most of a record; undefined where there
 * is none.
 * @param reply of HMGET for `END_FIELDS`
 * @param newest the newest form that may be read: of a later one nothing else is looked at
 */
export function parseEnd(
  reply: unknown,
  seal: Pick<RecordSeal, 'request' | 'end'>,
  newest: number,
): EndedJob | NewerRecord | undefined {
  const [state, request, end, version] = fieldsSchema.parse(reply);
  const form = Number(version ?? 1);
  if (form > newest) return { newer: form };
  if (request === null) return undefined;
  const status = jobStatusSchema.parse(state);
  return {
    request: seal.request(request),
    status,
    ...(isTerminal(status) && end !== null ? { end: seal.end(end) } : {}),
  };
}
