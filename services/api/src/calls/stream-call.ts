import { Readable } from 'node:stream';
import { streamAnswer, streamError } from '@understudy/answer-stream';
import { anthropicErrorType } from '@understudy/contracts';
import type { Logger } from '@understudy/runtime';
import type { FastifyReply } from 'fastify';
import type { AcceptedJob } from '../jobs/accept-job.ts';
import type { ApiParts } from '../api-parts.ts';
import { loggedReason } from '../errors/logged-reason.ts';
import { problemDocument } from '../errors/problem-document.ts';
import { sendStream } from '../events/send-stream.ts';
import { JobNotCompleted } from '../errors/shown-error.ts';
import type { ShownError } from '../errors/shown-error.ts';
import { toBrokerError } from '../errors/to-broker-error.ts';
import { nameProvider, sendOutcome } from './answer-call.ts';
import type { StreamedDialect } from './call-door.ts';
import { awaitedOutcome } from './awaited-outcome.ts';
import type { CallOutcome } from './call-outcome.ts';

/**
 * So long is the status of the answer held back: most refusals of a provider come sooner, and are
 * then told as the errors they are instead of within a stream that began well.
 */
const QUICK_END_MS = 2000;
/** Below the idle timeouts of proxies in between, and of this server. */
const KEEP_ALIVE_MS = 15_000;
/** What is made ready for a slow reader before it is waited for. */
const READY_BYTES = 16_384;

/** What says that the connection lives, in the way that each vendor's SDK passes over. */
const KEEP_ALIVE: Readonly<Record<StreamedDialect, string>> = {
  'chat-completions': ': waiting\n\n',
  responses: ': waiting\n\n',
  messages: 'event: ping\ndata: {"type": "ping"}\n\n',
};

export interface StreamedCall {
  dialect: StreamedDialect;
  /** OpenAI's `stream_options.include_usage`. */
  includeUsage: boolean;
  waitMs: number;
}

/**
 * Answers with the stream that the vendor would give, made from the finished answer.
 * @throws what is to be told instead, when that is known before the stream has begun
 */
export async function streamWhenEnded(
  reply: FastifyReply,
  { job }: AcceptedJob,
  parts: ApiParts,
  call: StreamedCall,
): Promise<FastifyReply> {
  const outcome = awaitedOutcome(reply, parts, job, call.waitMs);
  const quick = await within(outcome, QUICK_END_MS);
  if (quick?.kind === 'completed') nameProvider(reply, quick.stored);
  else if (quick !== undefined) return sendOutcome(reply, quick);
  const frames = callFrames(outcome, call, reply.request.id, parts.dispatch.logger);
  return sendStream(
    reply,
    Readable.from(frames, { objectMode: false, highWaterMark: READY_BYTES }),
  );
}

async function* callFrames(
  outcome: Promise<CallOutcome>,
  { dialect, includeUsage }: StreamedCall,
  requestId: string,
  logger: Logger,
): AsyncGenerator<string> {
  let ended = await within(outcome, 0);
  while (ended === undefined) {
    yield KEEP_ALIVE[dialect];
    ended = await within(outcome, KEEP_ALIVE_MS);
  }
  if (ended.kind !== 'completed') {
    const { error } = ended;
    const reason =
      error instanceof JobNotCompleted ? error : loggedReason(error, requestId, logger);
    yield* streamError(dialect, told(dialect, reason, requestId));
    return;
  }
  try {
    yield* streamAnswer(dialect, ended.answer, { includeUsage });
  } catch (error) {
    // The head of the answer is out: this is the last that its reader can hear of it.
    logger.error({ err: error, requestId }, 'an answer could not be told as a stream');
    yield* streamError(dialect, told(dialect, toBrokerError(error), requestId));
  }
}

function told(dialect: StreamedDialect, reason: ShownError, requestId: string) {
  const { status, message, code } = reason;
  const type =
    dialect === 'messages'
      ? anthropicErrorType(status, reason.type)
      : problemDocument(reason, '').error.type;
  return { status, message, type, code, requestId };
}

/** What the promise resolves with, unless that takes longer. */
async function within<Value>(
  promise: Promise<Value>,
  timeoutMs: number,
): Promise<Value | undefined> {
  const over = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => over.resolve(undefined), timeoutMs);
  const first = await Promise.race([promise, over.promise]);
  clearTimeout(timer);
  return first;
}
