import { WHOLE_PROVIDER } from '@understudy/availability';
import type { Room, TargetState } from '@understudy/availability';
import type { Cooldown } from '@understudy/contracts';
import { releaseWaiting } from '@understudy/dispatch';
import type { OpenDispatch } from '@understudy/dispatch';

/** A job that was let through needs a moment to reach a worker and take the permit. */
const PERMIT_TAKEN_WITHIN_MS = 2000;
/** After a success the workers let the others in by growing steps; then whoever was forgotten. */
const LET_IN_BY_WORKERS_MS = 5000;

/** Names of rooms in which nobody stands, and times that mean nothing any more, cost little for so long. */
const FORGET_INTERVAL_MS = 60_000;

type OpenTarget = Extract<TargetState, { kind: 'open' }>;

/**
 * Opens targets again. At the end of a cool-down one waiting job is let through as a probe. Where
 * a target has been open for a while and jobs still stand in its room (a worker died while it let
 * them in), or an operator has just opened it, as many as it can serve. Now and then it forgets rooms
 * that nobody waits in. Costs nothing while no cool-down is remembered.
 * @returns milliseconds until the next cool-down ends, if one holds
 */
export function createTargetOpener(dispatch: OpenDispatch): () => Promise<number | undefined> {
  const { availability, rooms, clock, views } = dispatch;
  /** When a job was last let through to probe. */
  const probedAt = new Map<string, number>();

  /** When the operator opened a room whose first jobs were let in. */
  const openedAt = new Map<string, number>();

  /** No probe went ahead whose success lets the others in, so the first ones are let in here. */
  const isNewlyOpened = (room: Room, { since, byOperator }: OpenTarget): boolean => {
    const key = `${room.provider}\n${room.model}`;
    if (byOperator !== true || since === undefined || openedAt.get(key) === since) return false;
    openedAt.set(key, since);
    return true;
  };

  const openProvider = async (provider: string): Promise<void> => {
    const now = clock.now();
    for (const room of await rooms.occupied(provider)) {
      const state = availability.state(provider, room.model, now);
      if (state.kind === 'open' && (isForgotten(state, now) || isNewlyOpened(room, state))) {
        const concurrency = views().settings.providers[provider]?.concurrency ?? 1;
        await releaseWaiting(dispatch, room, Math.min(concurrency, room.count));
      }
      if (state.kind !== 'half_open' || state.probing) continue;
      const key = probeName(state.cooldowns, provider, room.model);
      if (now - (probedAt.get(key) ?? -Infinity) < PERMIT_TAKEN_WITHIN_MS) continue;
      probedAt.set(key, now);
      await releaseWaiting(dispatch, room, 1);
    }
  };

  let forgotAt = -Infinity;
  const forgetPast = async (): Promise<void> => {
    if (clock.now() - forgotAt < FORGET_INTERVAL_MS) return;
    forgotAt = clock.now();
    forgetBefore(probedAt, forgotAt - PERMIT_TAKEN_WITHIN_MS);
    // Later on a room that is open lets everybody in, whoever opened it.
    forgetBefore(openedAt, forgotAt - LET_IN_BY_WORKERS_MS);
    for (const provider of availability.remembered()) await rooms.forgetEmpty(provider);
  };

  return async () => {
    for (const provider of availability.remembered()) await openProvider(provider);
    await forgetPast();
    // The next cool-down that ends is met when it ends, not at the next look.
    const now = clock.now();
    const endings = availability
      .cooldowns()
      .flatMap(({ cooling, until }) => (cooling && until > now ? [until - now] : []));
    return endings.length === 0 ? undefined : Math.min(...endings) + 1;
  };
}

function forgetBefore(times: Map<string, number>, instant: number): void {
  for (const [key, at] of times) if (at < instant) times.delete(key);
}

function isForgotten({ since }: OpenTarget, now: number): boolean {
  return now - (since ?? now) > LET_IN_BY_WORKERS_MS;
}

/** One probe for a whole provider serves all its rooms. */
function probeName(cooldowns: readonly Cooldown[], provider: string, model: string): string {
  const whole = cooldowns.some((cooldown) => cooldown.model === WHOLE_PROVIDER);
  return `${provider}\n${whole ? WHOLE_PROVIDER : model}`;
}
