import type { Attempt, Cost } from '@understudy/contracts';
import type { CallResult, EvaluatedAnswer, Surface } from '@understudy/provider';
import { scrub } from '@understudy/verdicts';
import type { CallFault, FailedCall, Judgement } from '@understudy/verdicts';
import { attemptBase } from './held-turn.ts';
import type { HeldTurn } from './held-turn.ts';
import type { ShapedBody } from '@understudy/shaping';

/** An attempt whose outcome is not known yet. */
export type OpenAttempt = Omit<Attempt, 'outcome'>;

/** The attempt that a request to one surface is, before it is made. */
export function openAttempt(
  held: HeldTurn,
  surface: Pick<Surface, 'id' | 'modelSent'>,
  call: { model: string; shaped: ShapedBody; probe: boolean },
  attemptsMade: number,
  startedAt: number,
): OpenAttempt {
  const { dialect, losses } = call.shaped;
  return {
    ...attemptBase(held, held.attemptsStored + attemptsMade + 1),
    dialect,
    ...(surface.id === undefined ? {} : { surface: surface.id }),
    model_sent: surface.modelSent ?? call.model,
    ...(losses.length === 0 ? {} : { warnings: losses }),
    ...(call.probe ? { probe: true } : {}),
    started_at: startedAt,
  };
}

export function succeededAttempt(
  base: OpenAttempt,
  result: Extract<CallResult, { kind: 'answer' }>,
  answer: Extract<EvaluatedAnswer, { ok: true }>,
  cost: Cost,
): Attempt {
  return {
    ...base,
    outcome: 'succeeded',
    status_code: result.status,
    ...requestId(result.headers),
    ...(answer.modelServed === undefined ? {} : { model_served: answer.modelServed }),
    duration_ms: Math.round(result.durationMs),
    usage: answer.usage,
    cost,
  };
}

/** What is wrong with an answer that does not say so itself, such as a proxy's page of welcome. */
const UNUSABLE_ANSWERS: Partial<Record<CallFault, string>> = {
  empty_answer: 'the answer is empty',
  truncated_answer: 'the answer ends in the middle',
  invalid_answer:
    "what came is no answer of the dialect; check that the provider's baseUrl leads to its API",
};

export function failedAttempt(
  base: OpenAttempt,
  held: HeldTurn,
  result: Exclude<CallResult, { kind: 'aborted' }>,
  failed: FailedCall,
  judgement: Judgement,
): Attempt {
  const message =
    judgement.error.message ??
    (result.kind === 'fault' ? result.message : undefined) ??
    (failed.fault && UNUSABLE_ANSWERS[failed.fault]);
  const { secrets } = held.provider.settings;
  const body = scrub(failed.body, secrets);
  // What was received, also where the error stands inside a 200.
  const { status } = result;
  return {
    ...base,
    outcome: 'failed',
    ...(status === undefined ? {} : { status_code: status }),
    verdict: judgement.verdict,
    rule: judgement.rule.id,
    error: {
      ...scrubbed({ ...judgement.error, ...(message === undefined ? {} : { message }) }, secrets),
      ...(body === '' ? {} : { body }),
    },
    ...requestId(failed.headers),
    ...(judgement.retryAfterMs === undefined ? {} : { retry_after_ms: judgement.retryAfterMs }),
    duration_ms: Math.round(result.durationMs),
    // A call that broke off may still run at the provider, and an unusable answer was made.
    ...(failed.fault !== undefined && (result.kind === 'answer' || result.maybeSent)
      ? { maybe_billed: true }
      : {}),
  };
}

const MAX_WORD_BYTES = 2048;

/** Masked before they are cut: the beginning of a key would be known as one by nobody. */
function scrubbed(words: Judgement['error'], secrets: readonly string[]): Judgement['error'] {
  return Object.fromEntries(
    Object.entries(words).map(([name, text]) => [name, scrub(text, secrets, MAX_WORD_BYTES)]),
  );
}

export function interruptedAttempt(
  base: OpenAttempt,
  result: Extract<CallResult, { kind: 'aborted' }>,
): Attempt {
  return {
    ...base,
    outcome: 'interrupted',
    rule: 'drained',
    duration_ms: Math.round(result.durationMs),
    ...(result.maybeSent ? { maybe_billed: true } : {}),
  };
}

/** Where vendors put the id by which their support finds a call. */
const REQUEST_ID_HEADERS = ['x-request-id', 'request-id', 'apim-request-id', 'x-amzn-requestid'];

function requestId(headers: Readonly<Record<string, string>>): Pick<Attempt, 'request_id'> {
  for (const name of REQUEST_ID_HEADERS) {
    const value = headers[name];
    if (value !== undefined) return { request_id: value.slice(0, 256) };
  }
  return {};
}
