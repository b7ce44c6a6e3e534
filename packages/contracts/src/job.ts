import { z } from 'zod';
import { costSchema, providerErrorSchema, usageSchema } from './attempt.ts';
import { callbackSchema } from './event.ts';
import { callerDialectSchema, dialectSchema, endpointSchema } from './dialect.ts';
import { surfaceSchema } from './surface.ts';

/**
 * queued → in_progress → completed | failed | cancelled | expired
 *
 * A job goes back from in_progress to queued when it is handed to the next target or waits.
 * `queued` means that no provider call is open. The last four are final: nothing leaves them.
 */
export const jobStatusSchema = z.enum([
  'queued',
  'in_progress',
  'completed',
  'failed',
  'cancelled',
  'expired',
]);
export type JobStatus = z.infer<typeof jobStatusSchema>;

export const TERMINAL_STATUSES = ['completed', 'failed', 'cancelled', 'expired'] as const;

export function isTerminal(status: JobStatus): boolean {
  return (TERMINAL_STATUSES as readonly string[]).includes(status);
}

/** What is fixed when the job is accepted. Instants are milliseconds since the epoch. */
export const jobRequestSchema = z.object({
  v: z.int(),
  id: z.string(),
  project: z.string(),
  endpoint: endpointSchema,
  dialect: callerDialectSchema,
  /** The model the caller asked for. */
  model: z.string(),
  priority: z.int(),
  /** Its place among jobs that wait for a model to open; see `orderNumber`. */
  order: z.int(),
  metadata: z.record(z.string(), z.string()).optional(),
  /** `body.user`, `body.safety_identifier` or `metadata.user_id`: what `splitBy: user` hashes. */
  user: z.string().optional(),
  /** W3C trace context of the submit. */
  traceparent: z.string(),
  /** What tracing systems wrote for each other beside it. */
  tracestate: z.string().optional(),
  /** Which providers may see this job, from the job itself. */
  providers: z
    .object({ only: z.array(z.string()).optional(), except: z.array(z.string()).optional() })
    .optional(),
  /** In USD: once the job's calls have cost so much, no other one is made. */
  max_cost: z.number().optional(),
  /** Who is told what becomes of the job. */
  callback: callbackSchema.optional(),
  /** Of method, path, canonical body and broker headers; compared when an idempotency key repeats. */
  fingerprint: z.string().optional(),
  /** The door it came through; absent of our own. */
  surface: surfaceSchema.optional(),
  /** The batch that the job is a line of; `line` counts from 1. */
  batch: z.object({ id: z.string(), line: z.int(), custom_id: z.string() }).optional(),
  /** The betas of Messages that the caller asked for by `anthropic-beta`, for who takes them. */
  betas: z.array(z.string()).optional(),
  /** The caller asked for a Response in the background: its events are told in OpenAI's shape. */
  background: z.boolean().optional(),
  /** Request and answer are to be forgotten once the answer was delivered; absent where they may stay. */
  store: z.literal(false).optional(),
  /** The Response that it goes on from, by our id: its body has the vendor's own. */
  previous_response_id: z.string().optional(),
  /** The finished job that this one does again. */
  retry_of: z.string().optional(),
  /** Id of the API key that it came with; absent of jobs made before keys were noted. */
  key: z.string().optional(),
  /** Length of the vendor's request; absent of a batch's line. */
  bytes: z.int().optional(),
  created_at: z.number(),
  expires_at: z.number(),
});
export type JobRequest = z.infer<typeof jobRequestSchema>;

/** Where a queued job goes next: one provider's queue. */
const plannedTargetSchema = z.object({
  /** Stable name of the target within its route. */
  target: z.string(),
  provider: z.string(),
  kind: z.string().optional(),
  model_drawn: z.string().optional(),
  /** The provider's name as registered; the worker translates again at the last moment. */
  model_sent: z.string().optional(),
  /** The wire format the call will have. */
  dialect: dialectSchema.optional(),
  timeout_ms: z.number().optional(),
});
export type PlannedTarget = z.infer<typeof plannedTargetSchema>;

export const waitReasonSchema = z.enum(['cooling_down', 'paused', 'backoff', 'interrupted']);
export type WaitReason = z.infer<typeof waitReasonSchema>;

/** Where a job stands while no worker holds it. */
const placeSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('queue'),
    /** When the job entered this queue. */
    since: z.number(),
    /** When it gives up waiting in this queue, if a later target is open and alive. */
    leave_at: z.number().optional(),
    planned: plannedTargetSchema,
  }),
  z.object({
    kind: z.literal('waiting'),
    since: z.number(),
    reason: waitReasonSchema,
    /** When the job wakes by itself; absent when only the end of a cool-down wakes it. */
    wake_at: z.number().optional(),
    /** The earliest instant at which something may release the job. */
    until: z.number(),
    /** The waiting rooms it stands in: whichever opens first takes it out of the others. */
    rooms: z.array(z.object({ provider: z.string(), model: z.string() })),
  }),
]);
export type Place = z.infer<typeof placeSchema>;

const waitSchema = z.object({
  reason: waitReasonSchema,
  until: z.number(),
  started_at: z.number(),
  ended_at: z.number().optional(),
});
export type Wait = z.infer<typeof waitSchema>;

/** How far the job has come; replaced as a whole by whoever holds the turn. */
export const jobProgressSchema = z.object({
  v: z.int(),
  /** Name of the route; resolved again at each step. */
  route: z.string(),
  /** Counts from 1. */
  round: z.int(),
  /** Calls made at providers that count toward `maxCalls`. */
  calls: z.int(),
  /** Calls made in this round; a round without one is not counted. */
  round_calls: z.int(),
  /** What the calls made so far cost; absent where none is known to. */
  cost: costSchema.optional(),
  /** Targets queued for in this round; one that was only skipped may still open in it. */
  visited: z.array(z.string()),
  /** Targets this job never comes back to, with the rule that closed each. */
  closed: z.record(z.string(), z.string()),
  /** The arm drawn for each traffic split, never redrawn. */
  draws: z.record(z.string(), z.string()),
  /** Set once a body was found too long for a window: later targets must declare a larger one. */
  window_exceeded: z.int().optional(),
  place: placeSchema,
  /** Last 20. */
  waits: z.array(waitSchema),
  /** Attempt number of the latest skip of each target, to fold equal ones together. */
  skips: z.record(
    z.string(),
    z.object({ number: z.int(), rule: z.string(), count: z.int(), first_at: z.number() }),
  ),
});
export type JobProgress = z.infer<typeof jobProgressSchema>;

/** Why a job failed, for its caller. */
export const jobErrorSchema = z.object({
  code: z.string(),
  message: z.string(),
  /** The deciding provider's answer. */
  provider: z.string().optional(),
  status_code: z.int().optional(),
  rule: z.string().optional(),
  provider_error: providerErrorSchema.optional(),
});
export type JobError = z.infer<typeof jobErrorSchema>;

/** How the job ended. The result's bytes stand beside the record. */
export const jobEndSchema = z.object({
  v: z.int(),
  result: z
    .object({
      provider: z.string(),
      model: z.string().optional(),
      refusal: z.boolean().optional(),
    })
    .optional(),
  error: jobErrorSchema.optional(),
  usage: usageSchema.optional(),
  /** Of all calls made for the job. */
  cost: costSchema.optional(),
});
export type JobEnd = z.infer<typeof jobEndSchema>;

/** The whole record as read from the store, without request and result bytes. */
export interface JobRecord {
  request: JobRequest;
  progress: JobProgress;
  status: JobStatus;
  /** Changes with every change of the record; the source of the ETag. */
  version: number;
  /** Names the place the job stands at; part of its queue entry's id. */
  turn: number;
  /** Fencing token of the latest start. */
  token: number;
  /** Starts since the last settled attempt; grows when workers die. */
  starts: number;
  startedAt?: number;
  /** When the start that holds the token began; only while in progress. */
  runningSince?: number;
  completedAt?: number;
  end?: JobEnd;
  /** The file that the answer was moved to, of a batch's line: it is no longer in Redis. */
  resultFile?: string;
  /** Request, answer and what providers said were forgotten, as the request asked. */
  payloadForgotten?: true;
}
