import { z } from 'zod';
import { costSchema, usageSchema } from './attempt.ts';
import { callbackSchema } from './event.ts';
import { endpointSchema } from './dialect.ts';
import { limitsSchema } from './limits.ts';
import { surfaceSchema } from './surface.ts';

/**
 * validating → in_progress → finalizing → completed
 *     │             ├──────▶ finalizing → expired
 *     ▼             ▼
 *   failed      cancelling → cancelled
 *
 * `failed` means that the input was rejected and no line ran. A batch with failed lines is
 * `completed` all the same. The last four are final.
 */
export const batchStatusSchema = z.enum([
  'validating',
  'in_progress',
  'finalizing',
  'completed',
  'failed',
  'expired',
  'cancelling',
  'cancelled',
]);
export type BatchStatus = z.infer<typeof batchStatusSchema>;

export const TERMINAL_BATCH_STATUSES = ['completed', 'failed', 'expired', 'cancelled'] as const;

export function isTerminalBatch(status: BatchStatus): boolean {
  return (TERMINAL_BATCH_STATUSES as readonly string[]).includes(status);
}

/** What is fixed when the batch is accepted. */
export const batchRequestSchema = z.object({
  v: z.int(),
  /** `batch_…`, or `msgbatch_…` of one that came through the Anthropic surface. */
  id: z.string(),
  project: z.string(),
  /** Also the format of the input's lines and of the results. */
  surface: surfaceSchema.extract(['openai', 'anthropic']),
  /** Of every line. */
  endpoint: endpointSchema,
  input_file_id: z.string(),
  /** How many requests the input holds, where that was counted as it came. */
  lines: z.int().optional(),
  priority: z.int(),
  providers: z
    .object({ only: z.array(z.string()).optional(), except: z.array(z.string()).optional() })
    .optional(),
  /** In USD: once the lines that ended have cost so much, no other one is begun. */
  max_cost: z.number().optional(),
  metadata: z.record(z.string(), z.string()).optional(),
  callback: callbackSchema.optional(),
  fingerprint: z.string().optional(),
  traceparent: z.string(),
  tracestate: z.string().optional(),
  created_at: z.number(),
  expires_at: z.number(),
  /** How long the result files are kept after they were made. */
  output_life_ms: z.number(),
  /** Id of the API key that it came with, */
  key: z.string().optional(),
  /** and the limits of that key, which never change: its lines are held to them. */
  key_limits: limitsSchema.optional(),
});
export type BatchRequest = z.infer<typeof batchRequestSchema>;

/**
 * Something in the input that makes a batch fail before any line runs, or why it was stopped while
 * they did. `line` counts from 1.
 */
export const batchProblemSchema = z.object({
  code: z.string(),
  message: z.string(),
  param: z.string().optional(),
  line: z.int().optional(),
});
export type BatchProblem = z.infer<typeof batchProblemSchema>;

/** How a line ended. */
export const lineOutcomeSchema = z.enum(['completed', 'failed', 'cancelled', 'expired']);
export type LineOutcome = z.infer<typeof lineOutcomeSchema>;

/** Of lines; `total` is known from the end of validation. */
const batchCountsSchema = z.object({
  total: z.int(),
  completed: z.int(),
  failed: z.int(),
  cancelled: z.int(),
  expired: z.int(),
});
export type BatchCounts = z.infer<typeof batchCountsSchema>;

/** The batch as it is now. Instants are milliseconds since the epoch. */
export interface BatchRecord {
  request: BatchRequest;
  status: BatchStatus;
  /** Changes with every change of status. */
  version: number;
  counts: BatchCounts;
  /** At most a second behind while it runs, exact in the end. */
  usage?: z.infer<typeof usageSchema>;
  cost?: z.infer<typeof costSchema>;
  problems?: BatchProblem[];
  /** Results so far while it runs; absent while there are none. */
  outputFileId?: string;
  /** Lines that failed, of the OpenAI surface; the Anthropic one has them among its results. */
  errorFileId?: string;
  inProgressAt?: number;
  finalizingAt?: number;
  completedAt?: number;
  failedAt?: number;
  expiredAt?: number;
  cancellingAt?: number;
  cancelledAt?: number;
}
