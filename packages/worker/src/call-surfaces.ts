import type { Attempt } from '@understudy/contracts';
import type { Route } from '@understudy/routing';
import { CredentialsError, callProvider, editTopLevel, evaluateAnswer } from '@understudy/provider';
import type { CallResult, EvaluatedAnswer, Surface } from '@understudy/provider';
import { judge, scrub } from '@understudy/verdicts';
import type { FailedCall, Judgement } from '@understudy/verdicts';
import { attemptBase } from './held-turn.ts';
import type { HeldTurn } from './held-turn.ts';

/** What came of the calls of one turn. Every request that carried the body is an attempt. */
export type TurnOutcome =
  | {
      kind: 'answered';
      attempts: Attempt[];
      answer: Extract<EvaluatedAnswer, { ok: true }>;
      body: Buffer;
      callStartedAt: number;
    }
  | {
      kind: 'failed';
      attempts: Attempt[];
      failed: FailedCall;
      judgement: Judgement;
      callStartedAt: number;
    }
  /** Hung up from outside; `signal.reason` says why. */
  | { kind: 'stopped'; attempts: Attempt[]; openAttempt: Attempt };

export interface CallOptions {
  model: string;
  route: Route | undefined;
  timeoutMs: number;
  probe: boolean;
  now(): number;
}

/** Calls the provider, surface by surface until one is there. */
export async function callSurfaces(held: HeldTurn, options: CallOptions): Promise<TurnOutcome> {
  const { connection } = held.provider;
  const { dialect } = held.request;
  const startedAt = options.now();
  // First, because a kind may learn here where its surfaces are.
  const credentials = await obtainCredentials(held);
  if (credentials.kind !== 'ready') {
    const base = attemptOn({}, held, 0, options, startedAt);
    return settle(held, base, credentials, options, []);
  }
  const surfaces = connection.surfaces(dialect, options.model);
  const attempts: Attempt[] = [];
  let unreached = false;
  for (const [index, surface] of surfaces.entries()) {
    const base = attemptOn(surface, held, attempts.length, options, options.now());
    const result = await callSurface(held, surface, credentials.headers, options);
    const outcome = settle(held, base, result, options, attempts);
    if (outcome.kind === 'stopped') return outcome;
    const answered = outcome.kind === 'answered' || outcome.failed.fault === undefined;
    const missing = outcome.kind === 'failed' && outcome.judgement.rule.surfaceMissing === true;
    if (answered) connection.learn?.(surface, dialect, options.model, missing);
    if (!missing) return outcome;
    if (index === surfaces.length - 1) return unreached ? notForGood(outcome) : outcome;
    unreached ||= !answered;
    const last = outcome.attempts.at(-1);
    if (last !== undefined) attempts.push({ ...last, verdict: 'next', rule: 'surface_missing' });
  }
  throw new Error(`provider "${held.provider.settings.name}" has no surface for ${dialect}`);
}

/** Where one surface did not answer, the model's absence from another says nothing for good. */
function notForGood(outcome: Extract<TurnOutcome, { kind: 'failed' }>): TurnOutcome {
  return {
    ...outcome,
    judgement: { ...outcome.judgement, verdict: 'next' },
    attempts: outcome.attempts.map((attempt, index) =>
      index === outcome.attempts.length - 1 ? { ...attempt, verdict: 'next' } : attempt,
    ),
  };
}

/** What came of one request, or of none where there were no credentials for it. */
function settle(
  held: HeldTurn,
  base: OpenAttempt,
  result: CallResult,
  options: CallOptions,
  earlier: readonly Attempt[],
): TurnOutcome {
  if (result.kind === 'aborted') {
    return { kind: 'stopped', attempts: [...earlier], openAttempt: interrupted(base, result) };
  }
  const evaluated = evaluate(held, result);
  if (evaluated.ok) return succeeded(base, result, evaluated, earlier);
  const { failed } = evaluated;
  const judgement = judgeCall(held, failed, options);
  const attempt = failedAttempt(base, held, result, failed, judgement);
  return {
    kind: 'failed',
    attempts: [...earlier, attempt],
    failed,
    judgement,
    callStartedAt: base.started_at,
  };
}

type OpenAttempt = Omit<Attempt, 'outcome'>;

function attemptOn(
  surface: Pick<Surface, 'id' | 'modelSent'>,
  held: HeldTurn,
  attemptsMade: number,
  options: CallOptions,
  startedAt: number,
): OpenAttempt {
  return {
    ...attemptBase(held, held.attemptsStored + attemptsMade + 1),
    ...(surface.id === undefined ? {} : { surface: surface.id }),
    model_sent: surface.modelSent ?? options.model,
    ...(options.probe ? { probe: true } : {}),
    started_at: startedAt,
  };
}

/** The credentials' headers, or why the call ends before it was made. */
async function obtainCredentials(
  held: HeldTurn,
): Promise<{ kind: 'ready'; headers: Readonly<Record<string, string>> } | CallResult> {
  const { provider, running } = held;
  const askedAt = performance.now();
  try {
    return { kind: 'ready', headers: await provider.connection.credentials(running.signal) };
  } catch (error) {
    const durationMs = performance.now() - askedAt;
    if (running.signal.aborted) return { kind: 'aborted', durationMs, maybeSent: false };
    if (!(error instanceof CredentialsError)) throw error;
    const { message } = error;
    return { kind: 'fault', fault: 'not_sent', message, durationMs, maybeSent: false };
  }
}

function callSurface(
  { provider, running, body }: HeldTurn,
  surface: Surface,
  credentials: Readonly<Record<string, string>>,
  { timeoutMs }: CallOptions,
): Promise<CallResult> {
  return callProvider({
    url: surface.url,
    headers: { ...surface.headers, ...credentials },
    body: editTopLevel(body, surface.edits),
    timeoutMs,
    signal: running.signal,
    dispatcher: provider.dispatcher,
  });
}

function evaluate(
  held: HeldTurn,
  result: Exclude<CallResult, { kind: 'aborted' }>,
): EvaluatedAnswer {
  if (result.kind === 'answer') {
    return evaluateAnswer(held.request.dialect, result.status, result.headers, result.body);
  }
  return {
    ok: false,
    failed: {
      fault: result.fault,
      headers: result.headers ?? {},
      body: '',
      ...(result.status === undefined ? {} : { status: result.status }),
    },
  };
}

function judgeCall(held: HeldTurn, failed: FailedCall, { route, now }: CallOptions): Judgement {
  const { settings, connection } = held.provider;
  return judge(
    failed,
    {
      ...(route === undefined ? {} : { route: route.verdicts }),
      operator: settings.verdicts,
      provider: connection.rules,
    },
    now(),
  );
}

function succeeded(
  base: OpenAttempt,
  result: CallResult,
  answer: Extract<EvaluatedAnswer, { ok: true }>,
  earlier: readonly Attempt[],
): TurnOutcome {
  if (result.kind !== 'answer') throw new Error('only an answer can succeed');
  const attempt: Attempt = {
    ...base,
    outcome: 'succeeded',
    status_code: result.status,
    ...requestId(result.headers),
    ...(answer.modelServed === undefined ? {} : { model_served: answer.modelServed }),
    duration_ms: Math.round(result.durationMs),
    usage: answer.usage,
  };
  return {
    kind: 'answered',
    attempts: [...earlier, attempt],
    answer,
    body: result.body,
    callStartedAt: base.started_at,
  };
}

function failedAttempt(
  base: OpenAttempt,
  held: HeldTurn,
  result: Exclude<CallResult, { kind: 'aborted' }>,
  failed: FailedCall,
  judgement: Judgement,
): Attempt {
  const message = judgement.error.message ?? (result.kind === 'fault' ? result.message : undefined);
  const body = scrub(failed.body, held.provider.secrets);
  // What was received, also where the error stands inside a 200.
  const { status } = result;
  return {
    ...base,
    outcome: 'failed',
    ...(status === undefined ? {} : { status_code: status }),
    verdict: judgement.verdict,
    rule: judgement.rule.id,
    error: {
      ...(judgement.error.type === undefined ? {} : { type: judgement.error.type }),
      ...(judgement.error.code === undefined ? {} : { code: judgement.error.code }),
      ...(message === undefined ? {} : { message: scrub(message, held.provider.secrets) }),
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

function interrupted(base: OpenAttempt, result: Extract<CallResult, { kind: 'aborted' }>): Attempt {
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
