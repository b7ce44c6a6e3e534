import { isTerminal, jobProgressSchema, jobStatusSchema } from '@understudy/contracts';
import type { JobProgress, JobRecord } from '@understudy/contracts';
import type { NewerRecord } from './newer-record.ts';
import type { RecordSeal } from './record-seal.ts';

/** Members that a newer release added stay: whoever holds the turn writes all of it again. */
const keptProgressSchema = jobProgressSchema.loose();

export function parseProgress(text: string): JobProgress {
  return keptProgressSchema.parse(JSON.parse(text));
}

/**
 * Reads the hash of a record; undefined for an empty one. Its fields: `req`, `prog`, `end` are JSON;
 * `st` status, `ver` version, `tok` token, `exp` expires at, `run` when the running start began,
 * `t0` first start, `t1` end, `fp` fingerprint of the idempotency key,
 * `rep` a write for replicas to confirm, `line` 1 of a batch's line, `file` where its answer is,
 * `unstored` 1 of a job whose payload is not to be stored, `bare` 1 once it was forgotten,
 * `v` version of the record's form, absent of version 1.
 * @param newest the newest form that may be read: of a later one nothing else is looked at
 */
export function parseRecord(
  reply: unknown,
  seal: Pick<RecordSeal, 'request' | 'end'>,
  newest: number,
): JobRecord | NewerRecord | undefined {
  const fields = fieldsOf(reply);
  const form = Number(fields['v'] ?? 1);
  if (form > newest) return { newer: form };
  if (fields['req'] === undefined || fields['prog'] === undefined) return undefined;
  const status = jobStatusSchema.parse(fields['st']);
  return {
    request: seal.request(fields['req']),
    progress: parseProgress(fields['prog']),
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

/** By hand: a schema took a third of the time in which the relay reads a record. */
function fieldsOf(reply: unknown): Readonly<Record<string, string>> {
  if (typeof reply !== 'object' || reply === null) throw new TypeError('expected a hash of Redis');
  const fields: Record<string, string> = {};
  for (const [name, value] of Object.entries(reply)) {
    if (typeof value !== 'string') throw new TypeError(`field ${name} of a record is no text`);
    fields[name] = value;
  }
  return fields;
}
