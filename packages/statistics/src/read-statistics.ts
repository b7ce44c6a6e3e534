import { repliesOf } from '@understudy/runtime';
import type { Redis } from '@understudy/runtime';
import { z } from 'zod';
import { bucketStarts } from './resolution.ts';
import type { Resolution } from './resolution.ts';
import { bucketKey } from './statistics-keys.ts';
import type { Scope } from './statistics-keys.ts';

/** What was counted in one minute or hour, by field. */
export interface Bucket {
  /** When it began. */
  at: number;
  counts: ReadonlyMap<string, number>;
}

const countsSchema = z.record(z.string(), z.coerce.number());

/** Every bucket from `from` to just before `to`, empty ones included; one round trip. */
export async function readBuckets(
  redis: Redis,
  prefix: string,
  scope: Scope,
  { resolution, from, to }: { resolution: Resolution; from: number; to: number },
): Promise<Bucket[]> {
  const starts = bucketStarts(resolution, from, to);
  const pipeline = redis.pipeline();
  for (const start of starts) pipeline.hgetall(bucketKey(prefix, scope, resolution, start));
  const replies = await repliesOf(pipeline.exec());
  return starts.map((at, index) => ({
    at,
    counts: new Map(Object.entries(countsSchema.parse(replies[index]))),
  }));
}
