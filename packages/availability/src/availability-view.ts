import { availabilityMessageSchema } from '@understudy/contracts';
import type { Cooldown } from '@understudy/contracts';
import type { Redis } from 'ioredis';
import { WHOLE_PROVIDER } from './cooldowns.ts';
import type { Cooldowns } from './cooldowns.ts';
import { availabilityChannel } from './provider-keys.ts';
import { subscribePatiently } from '@understudy/runtime';

/** Whether a model at a provider may be called now. */
export type TargetState =
  /** `since`: when a success ended its last cool-down, where one is remembered. */
  | { kind: 'open'; since?: number }
  | { kind: 'cooling'; until: number; cooldown: Cooldown }
  /** A cool-down has ended and no call has succeeded yet: one probe at a time. */
  | { kind: 'half_open'; probing: boolean; until: number; cooldowns: Cooldown[] };

/** What this process knows of every cool-down, kept up to date by messages. */
export interface AvailabilityView {
  state(provider: string, model: string, now: number): TargetState;
  /**
   * Which entries a success must be told to (`*` for the whole provider): those that cool, and
   * those where failures are being counted. Empty for a healthy target, which costs nothing.
   */
  suspects(provider: string, model: string): string[];
  cooldowns(provider?: string): Cooldown[];
  apply(cooldown: Cooldown): void;
  /** Called after each change that a message or a reload brought. */
  onChange(listener: (cooldown: Cooldown | undefined) => void): void;
  /** Reads everything again; messages may have been missed. */
  reload(providers: readonly string[]): Promise<void>;
}

export function createAvailabilityView(
  cooldowns: Cooldowns,
  subscriber: Redis,
  prefix: string,
): AvailabilityView {
  const known = new Map<string, Cooldown>();
  const suspects = new Set<string>();
  const listeners: ((cooldown: Cooldown | undefined) => void)[] = [];

  const apply = (cooldown: Cooldown): void => {
    const key = keyOf(cooldown.provider, cooldown.model);
    const before = known.get(key);
    if (before !== undefined && before.revision >= cooldown.revision) return;
    known.set(key, cooldown);
    suspects.delete(key);
    for (const listener of listeners) listener(cooldown);
  };

  subscriber.on('message', (channel, text) => {
    if (channel !== availabilityChannel(prefix)) return;
    const message = availabilityMessageSchema.parse(JSON.parse(text));
    switch (message.kind) {
      case 'cooldown':
        apply(message.cooldown);
        break;
      case 'suspect':
        suspects.add(keyOf(message.provider, message.model));
        break;
      case 'cleared':
        suspects.delete(keyOf(message.provider, message.model));
        break;
    }
  });
  void subscribePatiently(subscriber, availabilityChannel(prefix));

  const remembered = (provider: string, model: string): Cooldown[] =>
    [known.get(keyOf(provider, WHOLE_PROVIDER)), known.get(keyOf(provider, model))].filter(
      (cooldown) => cooldown !== undefined,
    );

  return {
    state: (provider, model, now) => combine(remembered(provider, model), now),
    suspects: (provider, model) =>
      [WHOLE_PROVIDER, model].filter((name) => {
        const key = keyOf(provider, name);
        return suspects.has(key) || known.get(key)?.cooling === true;
      }),
    cooldowns: (provider) =>
      [...known.values()].filter(
        (cooldown) => provider === undefined || cooldown.provider === provider,
      ),
    apply,
    onChange: (listener) => void listeners.push(listener),
    reload: async (providers) => {
      for (const provider of providers) {
        for (const cooldown of await cooldowns.read(provider)) apply(cooldown);
      }
      for (const listener of listeners) listener(undefined);
    },
  };
}

function keyOf(provider: string, model: string): string {
  return `${provider}\n${model}`;
}

function combine(remembered: Cooldown[], now: number): TargetState {
  const cooldowns = remembered.filter(({ cooling }) => cooling);
  if (cooldowns.length === 0) {
    if (remembered.length === 0) return { kind: 'open' };
    return { kind: 'open', since: Math.max(...remembered.map(({ until }) => until)) };
  }
  const latest = cooldowns.reduce((a, b) => (b.until > a.until ? b : a));
  if (latest.until > now) return { kind: 'cooling', until: latest.until, cooldown: latest };
  const leases = cooldowns.flatMap(({ probes }) =>
    Object.values(probes).filter((until) => until > now),
  );
  return {
    kind: 'half_open',
    probing: leases.length > 0,
    until: leases.length > 0 ? Math.max(...leases) : now,
    cooldowns,
  };
}
