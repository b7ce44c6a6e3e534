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
  const { provider, request } = held;
  const { connection } = provider;
  const surfaces = connection.surfaces(request.dialect, options.model);
  const attempts: Attempt[] = [];
  for (const [index, surface] of surfaces.entries()) {
    const startedAt = options.now();
    const base = attemptOn(surface, held, attempts.length, options, startedAt);
    const result = await callSurface(held, surface, options);
    if (result.kind === 'aborted') {
      return { kind: 'stopped', attempts, openAttempt: interrupted(base, result) };
    }
    const evaluated = evaluate(held, result);
    if (evaluated.ok) {
      connection.learn?.(surface, request.dialect, options.model, false);
      return succeeded(base, result, evaluated, attempts, startedAt);
    }
    const judgement = judgeCall(held, evaluated.failed, options);
    const attempt = failedAttempt(base, held, result, evaluated.failed, judgement);
    const missing = judgement.rule.surfaceMissing === true;
    if (missing) connection.learn?.(surface, request.dialect, options.model, true);
    if (missing && index < surfaces.length - 1) {
      attempts.push({ ...attempt, verdict: 'next', rule: 'surface_missing' });
      continue;
    }
    attempts.push(attempt);
    return {
      kind: 'failed',
      attempts,
      failed: evaluated.failed,
      judgement,
      callStartedAt: startedAt,
    };
  }
  throw new Error(`provider "${provider.settings.name}" has no surface for ${request.dialect}`);
}

type OpenAttempt = Omit<Attempt, 'outcome'>;

function attemptOn(
  surface: Surface,
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

async function callSurface(
  held: HeldTurn,
  surface: Surface,
  options: CallOptions,
): Promise<CallResult> {
  const { provider, running, body } = held;
  const askedAt = performance.now();
  let credentials: Readonly<Record<string, string>>;
  try {
    credentials = await provider.connection.credentials(running.signal);
  } catch (error) {
    const durationMs = performance.now() - askedAt;
    if (running.signal.aborted) return { kind: 'aborted', durationMs, maybeSent: false };
    if (!(error instanceof CredentialsError)) throw error;
    return {
      kind: 'fault',
      fault: 'not_sent',
      message: error.message,
      durationMs,
      maybeSent: false,
    };
  }
  return callProvider({
    url: surface.url,
    headers: { ...surface.headers, ...credentials },
    body: editTopLevel(body, surface.edits),
    timeoutMs: options.timeoutMs,
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
  earlier: Attempt[],
  callStartedAt: number,
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
    callStartedAt,
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
  const status = failed.status ?? (result.kind === 'answer' ? result.status : undefined);
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
