import { z } from 'zod';
import { dialectSchema } from './dialect.ts';

/** What a failed attempt means for its job. */
export const verdictSchema = z.enum(['next', 'next_for_good', 'terminal']);
export type Verdict = z.infer<typeof verdictSchema>;

/** Tokens in the normal form: input includes cache, output includes reasoning; the parts stand apart. */
export const usageSchema = z.object({
  input_tokens: z.number().optional(),
  output_tokens: z.number().optional(),
  cache_read_tokens: z.number().optional(),
  cache_write_tokens: z.number().optional(),
  reasoning_tokens: z.number().optional(),
});
export type Usage = z.infer<typeof usageSchema>;

/**
 * What calls cost by the price table. `partial`: some part has no known price, or was made without
 * its usage being known, so the amount is a lower bound.
 */
export const costSchema = z.discriminatedUnion('status', [
  z.object({
    status: z.enum(['known', 'partial']),
    amount: z.number(),
    currency: z.literal('USD'),
    /** ISO date of the price table. */
    prices_as_of: z.string(),
  }),
  z.object({ status: z.literal('unknown'), reason: z.string() }),
]);
export type Cost = z.infer<typeof costSchema>;

/** A part of the caller's body that this call did not carry. */
const lossWarningSchema = z.object({
  /** Path in the caller's body: `seed`, `tools[].function.strict`. */
  field: z.string(),
  message: z.string(),
});
export type LossWarning = z.infer<typeof lossWarningSchema>;

/** A provider's own account of a failure. `body` is its text as received: credentials masked, cut at 8 kB. */
export const providerErrorSchema = z.object({
  type: z.string().optional(),
  code: z.string().optional(),
  message: z.string().optional(),
  body: z.string().optional(),
});
export type ProviderErrorDetails = z.infer<typeof providerErrorSchema>;

export const attemptOutcomeSchema = z.enum([
  'succeeded',
  'failed',
  'skipped',
  'interrupted',
  'cancelled',
]);
export type AttemptOutcome = z.infer<typeof attemptOutcomeSchema>;

/**
 * One try of a job at one target, skipped tries included. Stored instants are milliseconds since
 * the epoch; the API renders them as RFC 3339. Unset members are omitted.
 */
export const attemptSchema = z.object({
  /** Counts from 1, in the order in which the attempts ended. */
  number: z.int(),
  /** Counts from 1; a round is one pass through the route's targets. */
  round: z.int(),
  /** Stable name of the target within its route: `provider`, or `provider/model`. */
  target: z.string(),
  provider: z.string(),
  kind: z.string().optional(),
  /** The wire format of the call: another than the job's where the body was translated. */
  dialect: dialectSchema.optional(),
  /** Which of the provider's base paths was called, where it has several. */
  surface: z.string().optional(),
  model_requested: z.string(),
  /** The model the target names, after a traffic split was drawn. */
  model_drawn: z.string().optional(),
  /** The provider's own name for the model, as sent. */
  model_sent: z.string().optional(),
  /** The model the provider says it used. */
  model_served: z.string().optional(),
  outcome: attemptOutcomeSchema,
  status_code: z.int().optional(),
  verdict: verdictSchema.optional(),
  /** The rule that decided; set on every attempt that did not succeed. */
  rule: z.string().optional(),
  error: providerErrorSchema.optional(),
  /** The provider's id of the call, from its headers. */
  request_id: z.string().optional(),
  /** The id that the provider gave its answer; of a Responses answer the caller gets ours instead. */
  provider_response_id: z.string().optional(),
  retry_after_ms: z.number().optional(),
  cooldown: z.object({ scope: z.enum(['model', 'provider']), until: z.number() }).optional(),
  /** True when this call was the one let through at the end of a cool-down. */
  probe: z.boolean().optional(),
  /** Time from entry into the provider's queue to the start of the attempt. */
  queued_ms: z.number().optional(),
  duration_ms: z.number().optional(),
  started_at: z.number(),
  usage: usageSchema.optional(),
  cost: costSchema.optional(),
  /** What of the caller's body was dropped for this call. */
  warnings: z.array(lossWarningSchema).optional(),
  /** A call was made whose answer is unknown or unused: the provider may charge for it. */
  maybe_billed: z.boolean().optional(),
  /** Equal skips of one target are one attempt: how many, and when the first and last were. */
  count: z.int().optional(),
  first_at: z.number().optional(),
  last_at: z.number().optional(),
  /** Fencing token of the start that made this attempt; internal. */
  token: z.int().optional(),
});
export type Attempt = z.infer<typeof attemptSchema>;
