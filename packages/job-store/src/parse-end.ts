import { isTerminal, jobRequestSchema, jobStatusSchema } from '@understudy/contracts';
import { z } from 'zod';
import type { JobReference } from './job-keys.ts';
import type { EndedJob } from './job-store.ts';
import type { NewerRecord } from './newer-record.ts';
import type { RecordSeal } from './record-seal.ts';

/** The fields of a record that `parseEnd` reads; `parseRecord` says what they hold. */
export const END_FIELDS = ['st', 'req', 'end', 'v'] as const;

const textOrNull = z.string().nullable();
const fieldsSchema = z.tuple([textOrNull, textOrNull, textOrNull, textOrNull]);
const requestSchema = jobRequestSchema.pick({ dialect: true, batch: true, callback: true });

/**
 * Reads what a job came to, without its way there, which is most of a record; undefined where there
 * is none.
 * @param reply of HMGET for `END_FIELDS`
 * @param newest the newest form that may be read: of a later one nothing else is looked at
 */
export function parseEnd(
  reply: unknown,
  { project, id }: JobReference,
  seal: Pick<RecordSeal, 'partOfRequest' | 'end'>,
  newest: number,
): EndedJob | NewerRecord | undefined {
  const [state, request, end, version] = fieldsSchema.parse(reply);
  const form = Number(version ?? 1);
  if (form > newest) return { newer: form };
  if (request === null) return undefined;
  const status = jobStatusSchema.parse(state);
  const isFailure = isTerminal(status) && status !== 'completed';
  const { dialect, batch } = seal.partOfRequest(request, (own) => requestSchema.parse(own));
  return {
    request: { project, id, dialect, ...(batch === undefined ? {} : { batch }) },
    status,
    ...(isFailure && end !== null ? { end: seal.end(end) } : {}),
  };
}
