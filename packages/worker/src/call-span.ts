import type { Dialect } from '@understudy/contracts';
import type { Surface } from '@understudy/provider';
import { genAiOperation, genAiProviderName, startSpan } from '@understudy/tracing';
import type { TraceSpan } from '@understudy/tracing';
import type { OpenAttempt } from './call-attempt.ts';
import type { TurnOutcome } from './call-surfaces.ts';
import type { HeldTurn } from './held-turn.ts';

/** Begins the span of one turn: what a worker does from a queue entry to the job's next place. */
export function startTurnSpan(
  held: Omit<HeldTurn, 'span' | 'startedAt' | 'running' | 'body' | 'attemptsStored'>,
): TraceSpan {
  const { request, progress, provider, turn, interrupted, queuedMs } = held;
  const { name } = provider.settings;
  return startSpan(`process ${name}`, request, {
    kind: 'consumer',
    attributes: {
      'messaging.system': 'bullmq',
      'messaging.operation.type': 'process',
      'messaging.destination.name': name,
      'understudy.job.id': request.id,
      'understudy.project': request.project,
      'understudy.batch.id': request.batch?.id,
      'understudy.turn': turn,
      'understudy.round': progress.round,
      'understudy.route': progress.route,
      'understudy.queue.wait_ms': queuedMs,
      'understudy.interrupted': interrupted ? true : undefined,
    },
  });
}

/** Begins the span of one call of a provider, below its turn. */
export function startCallSpan(
  { provider, span }: HeldTurn,
  dialect: Dialect,
  { model_sent: model }: OpenAttempt,
): TraceSpan {
  const operation = genAiOperation(dialect);
  return startSpan(model === undefined ? operation : `${operation} ${model}`, span, {
    kind: 'client',
    attributes: {
      'gen_ai.operation.name': operation,
      'gen_ai.provider.name': genAiProviderName(provider.registration.vendor),
      'gen_ai.request.model': model,
    },
  });
}

/** A provider hears of the job's trace only where the operator wants that: most are somebody else's. */
export function traceHeader(
  { provider }: HeldTurn,
  { traceparent }: TraceSpan,
): { traceparent?: string } {
  return provider.settings.sendTraceparent === true ? { traceparent } : {};
}

/** Tells what came of a call. What a provider said of a failure is not told, only our rule for it. */
export function endCallSpan(
  span: TraceSpan,
  { request }: HeldTurn,
  surface: Partial<Surface>,
  outcome: TurnOutcome,
): void {
  const attempt = outcome.kind === 'stopped' ? outcome.openAttempt : outcome.attempts.at(-1);
  if (span.recording && attempt !== undefined) {
    const { usage = {}, cost } = attempt;
    span.set({
      ...serverOf(surface.url),
      'http.response.status_code': attempt.status_code,
      'gen_ai.request.stream': surface.streamed === undefined ? undefined : true,
      'gen_ai.response.id': outcome.kind === 'answered' ? outcome.answer.responseId : undefined,
      'gen_ai.response.model': attempt.model_served,
      'gen_ai.usage.input_tokens': usage.input_tokens,
      'gen_ai.usage.output_tokens': usage.output_tokens,
      'gen_ai.usage.cache_read.input_tokens': usage.cache_read_tokens,
      'gen_ai.usage.cache_write.input_tokens': usage.cache_write_tokens,
      'gen_ai.usage.reasoning.output_tokens': usage.reasoning_tokens,
      'understudy.job.id': request.id,
      'understudy.project': request.project,
      'understudy.provider': attempt.provider,
      'understudy.attempt.number': attempt.number,
      'understudy.attempt.outcome': attempt.outcome,
      'understudy.verdict': attempt.verdict,
      'understudy.rule': attempt.rule,
      'understudy.surface': attempt.surface,
      'understudy.probe': attempt.probe,
      'understudy.model.requested':
        attempt.model_requested === attempt.model_sent ? undefined : attempt.model_requested,
      'understudy.model.drawn': attempt.model_drawn,
      'understudy.cost_usd': cost?.status === 'known' ? cost.amount : undefined,
    });
    if (attempt.outcome !== 'succeeded') span.fail(attempt.rule ?? attempt.outcome);
  }
  span.end();
}

function serverOf(url: string | undefined): { 'server.address'?: string; 'server.port'?: number } {
  const parsed = url === undefined ? null : URL.parse(url);
  if (parsed === null) return {};
  const standardPort = parsed.protocol === 'https:' ? 443 : 80;
  return {
    'server.address': parsed.hostname,
    'server.port': parsed.port === '' ? standardPort : Number(parsed.port),
  };
}
