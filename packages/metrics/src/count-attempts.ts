import type { Attempt, Registration, Usage } from '@understudy/contracts';
import { genAiOperation, genAiProviderName } from '@understudy/tracing';
import type { Metrics } from './metrics.ts';
import type { ModelLabel } from './model-labels.ts';

/** Of a label that does not apply. */
const NONE = 'none';

/** Names attempts go by. */
export interface AttemptNames {
  modelLabel: ModelLabel;
  registration(provider: string): Registration | undefined;
}

/** Counts attempts that were written down, and what their calls took and cost. */
export function countAttempts(
  metrics: Metrics,
  names: AttemptNames,
  attempts: readonly Attempt[],
): void {
  for (const attempt of attempts) {
    const { provider, outcome, verdict = NONE, rule = NONE } = attempt;
    const model = names.modelLabel(provider, attempt.model_sent);
    metrics.attempts.inc({ provider, model, outcome, verdict, rule });
    // A skipped one made no call.
    if (attempt.duration_ms !== undefined) countCall(metrics, names, attempt, model);
  }
}

function countCall(
  metrics: Metrics,
  { registration }: AttemptNames,
  attempt: Attempt,
  model: string,
): void {
  const {
    provider,
    outcome,
    usage,
    cost,
    queued_ms: queuedMs,
    duration_ms: durationMs = 0,
  } = attempt;
  const vendor = registration(provider)?.vendor ?? attempt.kind ?? provider;
  const call = {
    gen_ai_operation_name: genAiOperation(attempt.dialect ?? 'chat-completions'),
    gen_ai_provider_name: genAiProviderName(vendor),
    gen_ai_request_model: model,
    provider,
  };
  const errorType = outcome === 'succeeded' ? {} : { error_type: attempt.rule ?? outcome };
  metrics.callDuration.observe({ ...call, ...errorType }, durationMs / 1000);
  if (queuedMs !== undefined) metrics.queueWait.observe({ provider }, queuedMs / 1000);
  if (usage !== undefined) countTokens(metrics, call, usage);
  if (cost === undefined) return;
  if (cost.status !== 'known') metrics.unpricedCalls.inc({ provider, model });
  if (cost.status !== 'unknown') metrics.cost.inc({ provider, model }, cost.amount);
}

interface CallLabels {
  gen_ai_operation_name: string;
  gen_ai_provider_name: string;
  gen_ai_request_model: string;
  provider: string;
}

function countTokens(metrics: Metrics, call: CallLabels, usage: Usage): void {
  const { callTokens, cachedTokens } = metrics;
  const { input_tokens: input, output_tokens: output } = usage;
  const { cache_read_tokens: read = 0, cache_write_tokens: write = 0 } = usage;
  if (input !== undefined) callTokens.observe({ ...call, gen_ai_token_type: 'input' }, input);
  if (output !== undefined) callTokens.observe({ ...call, gen_ai_token_type: 'output' }, output);
  const { provider, gen_ai_request_model: model } = call;
  if (read > 0) cachedTokens.inc({ provider, model, access: 'read' }, read);
  if (write > 0) cachedTokens.inc({ provider, model, access: 'write' }, write);
}
