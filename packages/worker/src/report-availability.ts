import type { Cooldown } from '@understudy/contracts';
import { cooldownDelayMs } from '@understudy/verdicts';
import type { CooldownDelay, FailedCall, Judgement } from '@understudy/verdicts';
import { WHOLE_PROVIDER } from '@understudy/availability';
import { isRedisUnavailable } from '@understudy/runtime';
import type { HeldTurn } from './held-turn.ts';
import { probeHolder, returnPermit } from './probe-permit.ts';
import { tellCooling, tellServing } from './tell-cooldown.ts';
import type { WorkerContext } from './worker-context.ts';

/** First ceiling of a cool-down where neither the answer nor the rule states one. */
const DEFAULT_BASE_MS = 2000;

/**
 * Tells what a success shows, and lets in who waited for it; a healthy target by a name that was
 * always known costs no round trip.
 */
export async function reportServing(
  worker: WorkerContext,
  provider: string,
  model: string,
  callStartedAt: number,
): Promise<void> {
  const { staleNames, staleNameView } = worker.dispatch;
  if (staleNameView.entry(provider, model) !== undefined) {
    await staleNames.forget(provider, model);
    staleNameView.apply({ provider, model });
  }
  await reportAnswering(worker, provider, model, callStartedAt);
}

/** The target answers, if only to refuse: its cool-downs end. */
async function reportAnswering(
  worker: WorkerContext,
  provider: string,
  model: string,
  callStartedAt: number,
): Promise<void> {
  const { availability, clock, cooldowns, logger } = worker.dispatch;
  let ended = false;
  for (const name of availability.suspects(provider, model)) {
    const known = knownCooldown(worker, provider, name);
    if (!(await cooldowns.reportSuccess(provider, name, callStartedAt, clock.now()))) continue;
    ended = true;
    if (known !== undefined) tellServing(logger, known);
  }
  try {
    // Those let in are planned at once; the message that the target is open would come too late.
    if (ended) await availability.reload([provider]);
    await worker.recovering.succeeded({ provider, model });
  } catch (error) {
    // Of other jobs: what came of this one is yet to be written. The scheduler lets them in soon.
    if (!isRedisUnavailable(error)) throw error;
  }
}

export interface FailedCallReport {
  model: string;
  failed: FailedCall;
  judgement: Judgement;
  callStartedAt: number;
  probe: boolean;
}

/**
 * Closes the target for a while where the rule says so, and remembers a name that the provider does
 * not know. An answer that refuses this job alone
 * shows that the target serves.
 * @returns the cool-down that holds now, if the failure set or met one
 */
export async function reportFailedCall(
  worker: WorkerContext,
  held: HeldTurn,
  report: FailedCallReport,
): Promise<Cooldown | undefined> {
  const { dispatch, settings } = worker;
  const { model, failed, judgement, callStartedAt, probe } = report;
  const provider = held.provider.settings.name;
  await reportMissingName(worker, provider, report);
  const now = dispatch.clock.now();
  const { cooldown } = judgement.rule;
  const cools =
    cooldown !== undefined && (cooldown.when !== 'if_told' || judgement.retryAfterMs !== undefined);
  if (!cools) {
    const serves = failed.status !== undefined && failed.status < 500;
    if (serves) await reportAnswering(worker, provider, model, callStartedAt);
    else if (probe) await returnPermit(worker, held, model);
    return undefined;
  }
  const statedMs = judgement.retryAfterMs ?? cooldown.delayMs;
  const entry = await dispatch.cooldowns.reportFailure({
    provider,
    scope: cooldown.scope,
    model,
    now,
    counted: cooldown.when === 'counted',
    jobId: held.request.id,
    callStartedAt,
    holder: probeHolder(held),
    delayMs: cooldownDelayMs({
      ...(statedMs === undefined ? {} : { retryAfterMs: statedMs }),
      baseMs: cooldown.baseMs ?? DEFAULT_BASE_MS,
      ...withThisFailure(worker, provider, cooldown.scope, model),
      maxMs: settings().defaults.maxCooldownMs,
      random: () => dispatch.random(),
    }),
    rule: judgement.rule.id,
    ...(cooldown.alert === undefined ? {} : { alert: cooldown.alert }),
  });
  // A probe may hold the permit of the other scope too, about which its failure says nothing.
  if (probe) await returnPermit(worker, held, model);
  if (entry !== undefined) {
    // The next step is planned at once; the message would come too late for it.
    dispatch.availability.apply(entry);
    // Else another call had set it before.
    if (entry.started_at === now) tellCooling(dispatch.logger, entry);
    if (entry.alert === true && entry.started_at >= callStartedAt) {
      dispatch.logger.error(
        { provider, rule: entry.rule, until: new Date(entry.until).toISOString() },
        `a provider refuses our account: look at its key and billing, then: understudy providers clear-cooldown ${provider}`,
      );
    }
  }
  return entry;
}

/** The name is stale for other jobs too, unless one of the provider's surfaces was not reached. */
async function reportMissingName(
  { dispatch }: WorkerContext,
  provider: string,
  { model, judgement, callStartedAt }: FailedCallReport,
): Promise<void> {
  const { rule, verdict } = judgement;
  if (rule.modelMissing !== true || verdict !== rule.verdict) return;
  const before = dispatch.staleNameView.entry(provider, model);
  const now = dispatch.clock.now();
  const report = { provider, model, now, callStartedAt, rule: rule.id };
  const stale = await dispatch.staleNames.reportMissing(report);
  // Other jobs of this process are planned at once; the message would come too late for them.
  dispatch.staleNameView.apply({ provider, model, stale });
  if (before?.failures === stale.failures) return;
  dispatch.logger.warn(
    { provider, model, rule: rule.id, until: new Date(stale.until).toISOString() },
    'a provider knows no model by this name: other targets are preferred meanwhile',
  );
}

/** As this process knows it: one more or less only changes the length of a rest a little. */
function withThisFailure(
  worker: WorkerContext,
  provider: string,
  scope: 'model' | 'provider',
  model: string,
): Pick<CooldownDelay, 'failures' | 'streak' | 'restBeforeMs'> {
  const name = scope === 'provider' ? WHOLE_PROVIDER : model;
  const known = knownCooldown(worker, provider, name);
  const failures = (known?.failures ?? 0) + 1;
  if (known?.cooling !== true) return { failures, streak: 1, restBeforeMs: 0 };
  const restBeforeMs = known.until - known.started_at;
  return { failures, streak: (known.streak ?? known.failures) + 1, restBeforeMs };
}

/** @param name of the model, or `*` for the provider's own */
function knownCooldown(
  { dispatch }: WorkerContext,
  provider: string,
  name: string,
): Cooldown | undefined {
  return dispatch.availability.cooldowns(provider).find((entry) => entry.model === name);
}
