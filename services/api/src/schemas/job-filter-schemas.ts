import { jobStatusSchema } from '@understudy/contracts';
import { LONGEST_MODEL_NAME, metadataSchema } from '@understudy/submission';
import { z } from 'zod';

const MOST_PER_PAGE = 100;
const LONGEST_NAME = 100;
/** Of a pair of metadata: both parts and the colon. */
const LONGEST_PAIR = 577;
const LONGEST_POSITION = 100;

const nameSchema = z.string().min(1).max(LONGEST_NAME);
/** RFC 3339, in any time zone. */
const givenInstantSchema = z.iso.datetime({ offset: true });

const termsSchema = z.strictObject({
  status: jobStatusSchema.exactOptional(),
  model: z.string().min(1).max(LONGEST_MODEL_NAME).exactOptional(),
  route: z.string().min(1).max(LONGEST_MODEL_NAME).exactOptional(),
  /** That gave the result or the deciding error, or whose queue the job stands in. */
  provider: nameSchema.exactOptional(),
  /** Of jobs that failed: the rule that decided, or the code of the error where none did. */
  error: nameSchema.exactOptional(),
  /** Id of a batch: the jobs of its lines. */
  batch: nameSchema.exactOptional(),
  /** Accepted then or later. */
  created_after: givenInstantSchema.exactOptional(),
  /** Accepted before. */
  created_before: givenInstantSchema.exactOptional(),
});

/** Which jobs are meant, in the body of a request. */
const jobFilterSchema = termsSchema.extend({ metadata: metadataSchema.exactOptional() });
export type JobFilter = z.infer<typeof jobFilterSchema>;

const pairSchema = z
  .string()
  .max(LONGEST_PAIR)
  .regex(/^[^:]+:/, 'must be key:value')
  // It would be left out of the object of pairs, and the filter would mean all jobs.
  .refine((pair) => !pair.startsWith('__proto__:'), 'names a key that no job can have');

/** The same in a query; `metadata=key:value` as often as there are pairs. */
const metadataQuerySchema = z
  .union([pairSchema, z.array(pairSchema)])
  .transform((given) => [given].flat().map(splitPair))
  .refine(
    (pairs) => new Set(pairs.map(([name]) => name)).size === pairs.length,
    'names a key twice',
  )
  .transform((pairs) => Object.fromEntries(pairs))
  .pipe(metadataSchema);

const filterQuerySchema = termsSchema.extend({ metadata: metadataQuerySchema.exactOptional() });

export const jobFacetQuerySchema = filterQuerySchema;

/** Id of a job, or where a page said that the next one begins. */
const positionSchema = z.string().max(LONGEST_POSITION);

export const jobQuerySchema = filterQuerySchema.extend({
  /** `next_after` of the page before, or the id of the last job seen. */
  after: positionSchema.exactOptional(),
  limit: z.coerce.number().int().min(1).max(MOST_PER_PAGE).default(20),
});

const MOST_AT_ONCE = 1000;
const AT_ONCE = 100;

export const bulkRequestSchema = z.strictObject({
  /** An empty one means all jobs of the project. */
  filter: jobFilterSchema,
  /** Jobs that one request takes up. */
  limit: z.int().min(1).max(MOST_AT_ONCE).default(AT_ONCE),
  /** `next_after` of the request before. */
  after: positionSchema.exactOptional(),
  /** Only counts what it would take up. */
  dry_run: z.boolean().exactOptional(),
});
export type BulkRequest = z.infer<typeof bulkRequestSchema>;

export const bulkResultSchema = z.object({
  object: z.literal('bulk_result'),
  action: z.enum(['cancel', 'retry']),
  dry_run: z.literal(true).optional(),
  /** Jobs that the filter found and this request took up. */
  matched: z.int(),
  /** Of these: cancelled, or retried. */
  done: z.int(),
  /** The others, and why. */
  skipped: z.array(z.object({ id: z.string(), code: z.string() })),
  /** Jobs that may fit are left: go on with `next_after`. */
  has_more: z.boolean(),
  next_after: z.string().optional(),
  /** Why it ended before its limit. */
  stopped: z.object({ code: z.string(), message: z.string() }).optional(),
});
export type BulkResult = z.infer<typeof bulkResultSchema>;

const valuesSchema = z.array(z.object({ value: z.string(), count: z.int() }));

export const jobFacetsSchema = z.object({
  object: z.literal('job_facets'),
  /**
   * False where metadata was counted in nearly, or it or a batch could not be counted in, so that
   * the counts may be too high.
   */
  exact: z.boolean(),
  /** Jobs that fit the filter. */
  total: z.object({ count: z.int() }),
  /** Of each, how many jobs fit all of the filter but what it says of the facet itself. */
  facets: z.object({
    status: valuesSchema,
    route: valuesSchema,
    model: valuesSchema,
    provider: valuesSchema,
    error: valuesSchema,
    /** Only where an administrator looks at all projects. */
    project: valuesSchema.optional(),
  }),
});
export type JobFacets = z.infer<typeof jobFacetsSchema>;

function splitPair(pair: string): [name: string, value: string] {
  const colon = pair.indexOf(':');
  return [pair.slice(0, colon), pair.slice(colon + 1)];
}
