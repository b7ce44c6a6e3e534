import { WHOLE_PROVIDER } from '@understudy/availability';
import type { HeldTurn } from './held-turn.ts';
import type { WorkerContext } from './worker-context.ts';

/** `cooling_down` and `paused` are the rules by which the target is passed over. */
export type Permission = 'call' | 'probe' | 'cooling_down' | 'paused';

/** Names a start of a job: whoever takes a permit can be told from every other start. */
export function probeHolder({ request, token }: HeldTurn): string {
  return `${request.id}.${token}`;
}

/**
 * Whether this turn may call now. A healthy target costs no round trip; at the end of a cool-down
 * one turn at a time gets the permit.
 */
export async function askPermission(
  { dispatch }: WorkerContext,
  held: HeldTurn,
  model: string,
): Promise<Permission> {
  const provider = held.provider.settings.name;
  const { availability, cooldowns, clock } = dispatch;
  const state = availability.state(provider, model, clock.now());
  if (state.kind === 'open') return 'call';
  if (state.kind === 'paused') return 'paused';
  if (state.kind === 'cooling') return 'cooling_down';
  const holder = probeHolder(held);
  const taken: string[] = [];
  for (const { model: name } of state.cooldowns) {
    const answer = await cooldowns.takeProbe(provider, name, clock.now(), holder);
    if (answer === 'probe') taken.push(name);
    if (answer === 'busy' || answer === 'cooling') {
      for (const other of taken) await cooldowns.releaseProbe(provider, other, clock.now(), holder);
      return 'cooling_down';
    }
  }
  return taken.length > 0 ? 'probe' : 'call';
}

/** Gives a permit back that brought no answer. */
export async function returnPermit(
  { dispatch: { cooldowns, clock } }: WorkerContext,
  held: HeldTurn,
  model: string,
): Promise<void> {
  const provider = held.provider.settings.name;
  for (const name of [WHOLE_PROVIDER, model]) {
    await cooldowns.releaseProbe(provider, name, clock.now(), probeHolder(held));
  }
}
