import { batchProblemSchema, batchStatusSchema } from '@understudy/contracts';
import type { BatchRecord, Cost, Usage } from '@understudy/contracts';
import type { Sealer } from '@understudy/sealing';
import { z } from 'zod';
import { batchPlaces, parseBatchRequest } from './batch-seal.ts';

const fieldsSchema = z.record(z.string(), z.string());
const problemsSchema = z.array(batchProblemSchema);

export const USAGE_MEMBERS = [
  'input_tokens',
  'output_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'reasoning_tokens',
] as const satisfies (keyof Usage)[];

/** Fields that hold an instant, with the member that shows it. */
const INSTANTS = {
  at_in_progress: 'inProgressAt',
  at_finalizing: 'finalizingAt',
  at_completed: 'completedAt',
  at_failed: 'failedAt',
  at_expired: 'expiredAt',
  at_cancelling: 'cancellingAt',
  at_cancelled: 'cancelledAt',
} as const satisfies Record<string, keyof BatchRecord>;

/** How far the runner has come with the input. */
export interface BatchCursor {
  /** Number of the last line that was dealt with; 0 before the first. */
  line: number;
  /** Where the line after it begins. */
  byte: number;
}

/** A batch as its runner sees it. */
export interface RunningBatch {
  record: BatchRecord;
  /** The input was read to its end, so the total is known. */
  validated: boolean;
  cursor: BatchCursor;
  /** Number of the last line that may have a job. */
  lastJobLine: number;
  /** Lines that became jobs or ended without one; never less than what the cursor has passed. */
  admitted: number;
  /** Where it goes, once all lines are written: decided when finalizing begins. */
  goal?: 'completed' | 'expired';
  /** The change to its last status was told to those who asked for it. */
  told: boolean;
}

/**
 * Reads the hash of a batch; undefined for an empty one. Its fields: `req` and `problems` are JSON;
 * `st` status, `ver` version, `fp` fingerprint, `out` and `err` ids of the result files; `total`,
 * `completed`, `failed`, `cancelled`, `expired` lines; `u_<member>` usage; `cost` in USD, `unpriced` lines
 * that cost something unknown, `prices` date of the price table; `at_<status>` instants; `line`, `byte`, `admitted` the cursor; `last_job` where jobs end; `goal`, `told`;
 * `fence` number of the latest lease, `holder` of the one that holds, `until` of that one or the last.
 */
export function parseBatch(
  reply: unknown,
  sealer: Sealer,
  recordKey: string,
): RunningBatch | undefined {
  const fields = fieldsSchema.parse(reply);
  if (fields['req'] === undefined) return undefined;
  const count = (name: string): number => Number(fields[name] ?? 0);
  const { out, err, problems, goal } = fields;
  return {
    record: {
      request: parseBatchRequest(fields['req'], sealer, recordKey),
      status: batchStatusSchema.parse(fields['st']),
      version: count('ver'),
      counts: {
        total: count('total'),
        completed: count('completed'),
        failed: count('failed'),
        cancelled: count('cancelled'),
        expired: count('expired'),
      },
      ...usageOf(fields),
      ...costOf(fields),
      ...(problems === undefined
        ? {}
        : {
            problems: problemsSchema.parse(
              JSON.parse(sealer.openText(problems, batchPlaces(recordKey).problems)),
            ),
          }),
      ...(out === undefined ? {} : { outputFileId: out }),
      ...(err === undefined ? {} : { errorFileId: err }),
      ...instantsOf(fields),
    },
    validated: fields['total'] !== undefined,
    cursor: { line: count('line'), byte: count('byte') },
    lastJobLine: Number(fields['last_job'] ?? count('line')),
    admitted: count('admitted'),
    ...(goal === 'completed' || goal === 'expired' ? { goal } : {}),
    told: fields['told'] === '1',
  };
}

function instantsOf(fields: Readonly<Record<string, string>>): Partial<BatchRecord> {
  return Object.fromEntries(
    Object.entries(INSTANTS).flatMap(([field, member]) => {
      const text = fields[field];
      return text === undefined ? [] : [[member, Number(text)]];
    }),
  );
}

function usageOf(fields: Readonly<Record<string, string>>): Pick<BatchRecord, 'usage'> {
  const known = USAGE_MEMBERS.flatMap((member) => {
    const text = fields[`u_${member}`];
    return text === undefined ? [] : [[member, Number(text)] as const];
  });
  return known.length === 0 ? {} : { usage: Object.fromEntries(known) };
}

function costOf(fields: Readonly<Record<string, string>>): { cost?: Cost } {
  const { cost, prices, unpriced } = fields;
  if (cost !== undefined && prices !== undefined) {
    return {
      cost: {
        status: unpriced === undefined ? 'known' : 'partial',
        amount: Number(cost),
        currency: 'USD',
        prices_as_of: prices,
      },
    };
  }
  if (unpriced === undefined) return {};
  return { cost: { status: 'unknown', reason: 'no line has a known price' } };
}
