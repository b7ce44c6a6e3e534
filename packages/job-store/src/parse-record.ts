import { isTerminal, jobStatusSchema } from '@understudy/contracts';
import type { JobRecord } from '@understudy/contracts';
import type { NewerRecord } from './newer-record.ts';
import type { RecordSeal } from './record-seal.ts';

/** The fields that `parseRecord` reads, and the number of attempts. */
export const RECORD_FIELDS = [
  'v',
  'req',
  'prog',
  'st',
  'ver',
  'turn',
  'tok',
  'starts',
  't0',
  'run',
  't1',
  'file',
  'bare',
  'end',
  'n',
] as const;

/**
 * Reads the hash of a record; undefined for an empty one. Its fields: `req`, `prog`, `end` are JSON;
 * `st` status, `ver` version, `tok` token, `run` when the running start began, `sid` its token and the
 * name of its command, with `!` where the start before had never ended, `exp` when a job that has not
 * ended expires, `t0` first start, `t1` end, `fp` fingerprint of the idempotency key,
 * `rep` a write for replicas to confirm, `line` 1 of a batch's line, `file` where its answer is,
 * `unstored` 1 of a job whose payload is not to be stored, `bare` 1 once it was forgotten,
 * `v` version of the record's form, absent of version 1; where it was made in a later one, `n` number
 * of attempts and `a1`… the attempts, which are else a list beside it.
 * @param newest the newest form that may be read: of a later one nothing else is looked at
 */
export function parseRecord(
  fields: RecordFields,
  seal: Pick<RecordSeal, 'request' | 'progress' | 'end'>,
  newest: number,
): JobRecord | NewerRecord | undefined {
  const form = Number(fields['v'] ?? 1);
  if (form > newest) return { newer: form };
  if (fields['req'] === undefined || fields['prog'] === undefined) return undefined;
  const status = jobStatusSchema.parse(fields['st']);
  const request = seal.request(fields['req']);
  return {
    request,
    progress: seal.progress(fields['prog'], request),
    status,
    version: Number(fields['ver']),
    turn: Number(fields['turn']),
    token: Number(fields['tok']),
    starts: Number(fields['starts']),
    ...(fields['t0'] === undefined ? {} : { startedAt: Number(fields['t0']) }),
    ...(fields['run'] === undefined ? {} : { runningSince: Number(fields['run']) }),
    ...(fields['t1'] === undefined ? {} : { completedAt: Number(fields['t1']) }),
    ...(fields['file'] === undefined ? {} : { resultFile: fields['file'] }),
    ...(fields['bare'] === undefined ? {} : { payloadForgotten: true }),
    ...(isTerminal(status) && fields['end'] !== undefined ? { end: seal.end(fields['end']) } : {}),
  };
}

export type RecordFields = Readonly<Record<string, string | undefined>>;

/** What `HMGET` gave of RECORD_FIELDS, by name. */
export function namedFields(reply: unknown): RecordFields {
  if (!Array.isArray(reply)) throw new TypeError('expected fields of a hash of Redis');
  const fields: Record<string, string> = {};
  for (const [index, name] of RECORD_FIELDS.entries()) {
    const value: unknown = reply[index];
    if (typeof value === 'string') fields[name] = value;
  }
  return fields;
}

/** The texts of the attempts that are fields of a record; undefined where they are in a list. */
export function attemptFields(fields: RecordFields): string[] | undefined {
  const { n: count } = fields;
  if (count === undefined) return undefined;
  return Array.from({ length: Number(count) }, (_, index) => fields[`a${index + 1}`] ?? '');
}
