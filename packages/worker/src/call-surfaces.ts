import type { Attempt } from '@understudy/contracts';
import type { Route } from '@understudy/routing';
import { CredentialsError, callProvider, editTopLevel, usualTimeoutMs } from '@understudy/provider';
import type { CallResult, EvaluatedAnswer, Surface } from '@understudy/provider';
import { judge } from '@understudy/verdicts';
import type { FailedCall, Judgement } from '@understudy/verdicts';
import { costOfCall } from './cost-of-call.ts';
import {
  failedAttempt,
  interruptedAttempt,
  openAttempt,
  succeededAttempt,
} from './call-attempt.ts';
import type { OpenAttempt } from './call-attempt.ts';
import { endCallSpan, startCallSpan, traceHeader } from './call-span.ts';
import { evaluateCall } from './evaluate-call.ts';
import type { EvaluatedCall } from './evaluate-call.ts';
import type { HeldTurn } from './held-turn.ts';
import type { ShapedBody } from '@understudy/shaping';

/** What came of the calls of one turn. Every request that carried the body is an attempt. */
export type TurnOutcome =
  | {
      kind: 'answered';
      attempts: Attempt[];
      answer: Extract<EvaluatedAnswer, { ok: true }>;
      /** In the caller's dialect. */
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
  /** The provider's own name for the model. */
  model: string;
  shaped: ShapedBody;
  route: Route | undefined;
  /** As the operator set it; undefined reckons it for each surface. */
  timeoutMs: number | undefined;
  probe: boolean;
  now(): number;
}

/** Calls the provider, surface by surface until one is there. */
export async function callSurfaces(held: HeldTurn, options: CallOptions): Promise<TurnOutcome> {
  const { connection } = held.provider;
  const { dialect, needs } = options.shaped;
  const startedAt = options.now();
  // First, because a kind may learn here where its surfaces are.
  const credentials = await withCredentials(held, () =>
    connection.credentials(held.running.signal),
  );
  if (credentials.kind !== 'ready') {
    const base = openAttempt(held, {}, options, 0, startedAt);
    const span = startCallSpan(held, dialect, base);
    const outcome = await settle(held, base, {}, credentials, options, []);
    endCallSpan(span, held, {}, outcome);
    return outcome;
  }
  const surfaces = connection.surfaces(dialect, options.model, needs);
  const attempts: Attempt[] = [];
  let unreached = false;
  for (const [index, surface] of surfaces.entries()) {
    const base = openAttempt(held, surface, options, attempts.length, options.now());
    const span = startCallSpan(held, dialect, base);
    const headers = { ...traceHeader(held, span), ...credentials.headers };
    const result = await callSurface(held, surface, headers, options);
    const outcome = await settle(held, base, surface, result, options, attempts);
    endCallSpan(span, held, surface, outcome);
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
async function settle(
  held: HeldTurn,
  base: OpenAttempt,
  surface: Pick<Surface, 'streamed'>,
  result: CallResult,
  options: CallOptions,
  earlier: readonly Attempt[],
): Promise<TurnOutcome> {
  if (result.kind === 'aborted') {
    const open = interruptedAttempt(base, result);
    return { kind: 'stopped', attempts: [...earlier], openAttempt: open };
  }
  const callStartedAt = base.started_at;
  const evaluated = await evaluateCall(held, surface, result, options);
  if (evaluated.ok) return succeeded(held, base, evaluated, options, earlier);
  const { failed } = evaluated;
  const judgement = judgeCall(held, failed, options);
  const attempt = failedAttempt(base, held, result, failed, judgement);
  return { kind: 'failed', attempts: [...earlier, attempt], failed, judgement, callStartedAt };
}

function succeeded(
  held: HeldTurn,
  base: OpenAttempt,
  { answer, result, body, losses }: Extract<EvaluatedCall, { ok: true }>,
  options: CallOptions,
  earlier: readonly Attempt[],
): TurnOutcome {
  const warnings = [...(base.warnings ?? []), ...losses];
  const told = warnings.length === 0 ? base : { ...base, warnings };
  const cost = costOfCall(held, options.model, answer.usage);
  return {
    kind: 'answered',
    attempts: [...earlier, succeededAttempt(told, result, answer, cost)],
    answer,
    body,
    callStartedAt: base.started_at,
  };
}

/** Asks for headers that carry credentials; else says why the call ends before it was made. */
async function withCredentials(
  { running }: HeldTurn,
  ask: () => Promise<Readonly<Record<string, string>>>,
): Promise<{ kind: 'ready'; headers: Readonly<Record<string, string>> } | CallResult> {
  const askedAt = performance.now();
  try {
    return { kind: 'ready', headers: await ask() };
  } catch (error) {
    const durationMs = performance.now() - askedAt;
    if (running.signal.aborted) return { kind: 'aborted', durationMs, maybeSent: false };
    if (!(error instanceof CredentialsError)) throw error;
    const { message } = error;
    return { kind: 'fault', fault: 'not_sent', message, durationMs, maybeSent: false };
  }
}

async function callSurface(
  held: HeldTurn,
  surface: Surface,
  credentials: Readonly<Record<string, string>>,
  { timeoutMs, shaped }: CallOptions,
): Promise<CallResult> {
  const { provider, running } = held;
  const { url } = surface;
  const body = editTopLevel(shaped.body, { ...shaped.edits, ...surface.edits });
  const headers = { ...surface.headers, ...credentials };
  const { sign } = provider.connection;
  const signed =
    sign === undefined
      ? { kind: 'ready' as const, headers: {} }
      : await withCredentials(held, () =>
          sign({ method: 'POST', url, headers, body }, running.signal),
        );
  if (signed.kind !== 'ready') return signed;
  return callProvider({
    url,
    headers: { ...headers, ...signed.headers },
    body,
    timeoutMs: timeoutMs ?? usualTimeoutMs(surface, shaped.needs),
    signal: running.signal,
    dispatcher: provider.dispatcher,
  });
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
