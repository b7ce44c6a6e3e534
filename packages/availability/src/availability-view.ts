import { availabilityMessageSchema, readMessage } from '@understudy/contracts';
import type { Cooldown, Pause } from '@understudy/contracts';
import { COUNTED_WINDOW_MS, WHOLE_PROVIDER } from './cooldowns.ts';
import type { Cooldowns } from './cooldowns.ts';
import type { PauseView } from './pause-view.ts';
import { availabilityChannel } from './provider-keys.ts';
import { subscribePatiently } from '@understudy/runtime';
import type { Clock, Subscriber } from '@understudy/runtime';

/** Whether a model at a provider may be called now. */
export type TargetState =
  /**
   * `since`: when its last cool-down or pause ended, where one is remembered. `byOperator`: no
   * success ended it, so none lets in who waited.
   */
  | { kind: 'open'; since?: number; byOperator?: true }
  /** An operator has taken the whole provider out of service, whatever else holds. */
  | { kind: 'paused'; since: number }
  | { kind: 'cooling'; until: number; cooldown: Cooldown }
  /** A cool-down has ended and no call has succeeded yet: one probe at a time. */
  | { kind: 'half_open'; probing: boolean; until: number; cooldowns: Cooldown[] };

/** A cool-down or a pause began, ended or was changed. */
export interface AvailabilityChange {
  provider: string;
  /** It has ended. */
  opened: boolean;
}

/** What this process knows of every cool-down and pause, kept up to date by messages. */
export interface AvailabilityView {
  state(provider: string, model: string, now: number): TargetState;
  /**
   * Which entries a success must be told to (`*` for the whole provider): those that cool, and
   * those where failures are being counted. Empty for a healthy target, which costs nothing.
   */
  suspects(provider: string, model: string): string[];
  cooldowns(provider?: string): Cooldown[];
  /** The provider's pause, ended or not; undefined where it was never paused. */
  pause(provider: string): Pause | undefined;
  /** Providers of which a cool-down or a pause is remembered. */
  remembered(): string[];
  apply(cooldown: Cooldown): void;
  /** Called after each change that a message or a reload brought; of a whole reload without one. */
  onChange(listener: (change: AvailabilityChange | undefined) => void): void;
  /** Reads everything again; messages may have been missed. What Redis has forgotten goes. */
  reload(providers: readonly string[]): Promise<void>;
}

export function createAvailabilityView(
  cooldowns: Cooldowns,
  pauses: PauseView,
  subscriber: Subscriber,
  prefix: string,
  clock: Pick<Clock, 'monotonic'>,
): AvailabilityView {
  const known = new Map<string, Cooldown>();
  /** When a failure was last counted there, by the monotonic clock. */
  const suspects = new Map<string, number>();
  const listeners: ((change: AvailabilityChange | undefined) => void)[] = [];

  const tell = (change: AvailabilityChange | undefined): void => {
    for (const listener of listeners) listener(change);
  };
  const apply = (cooldown: Cooldown): void => {
    const key = keyOf(cooldown.provider, cooldown.model);
    const before = known.get(key);
    if (before !== undefined && before.revision >= cooldown.revision) return;
    known.set(key, cooldown);
    suspects.delete(key);
    tell({ provider: cooldown.provider, opened: !cooldown.cooling });
  };
  pauses.onChange(({ provider, paused }) => tell({ provider, opened: !paused }));

  subscriber.on('message', (channel, text) => {
    if (channel !== availabilityChannel(prefix)) return;
    const message = readMessage(availabilityMessageSchema, text);
    if (message === undefined) return;
    switch (message.kind) {
      case 'cooldown':
        apply(message.cooldown);
        break;
      case 'suspect':
        suspects.set(keyOf(message.provider, message.model), clock.monotonic());
        break;
      case 'cleared':
        suspects.delete(keyOf(message.provider, message.model));
        break;
    }
  });
  void subscribePatiently(subscriber, availabilityChannel(prefix));

  const reloadCooldowns = async (provider: string): Promise<void> => {
    const before = [...known.values()].filter((cooldown) => cooldown.provider === provider);
    const stored = await cooldowns.read(provider);
    for (const cooldown of stored) apply(cooldown);
    const read = new Set(stored.map(({ model }) => model));
    const unread = before.map(({ model }) => model).filter((model) => !read.has(model));
    const forgotten = new Set(await cooldowns.missing(provider, unread));
    for (const cooldown of before) {
      const key = keyOf(provider, cooldown.model);
      // One that cools anew since it was looked for is another.
      if (forgotten.has(cooldown.model) && known.get(key) === cooldown) known.delete(key);
    }
  };

  /** Their failures count no more, and of most names there is neither a success nor another failure. */
  const forgetSuspects = (): void => {
    const now = clock.monotonic();
    for (const [key, heardAt] of suspects) {
      if (now - heardAt > COUNTED_WINDOW_MS) suspects.delete(key);
    }
  };

  const remembered = (provider: string, model: string): Cooldown[] =>
    [known.get(keyOf(provider, WHOLE_PROVIDER)), known.get(keyOf(provider, model))].filter(
      (cooldown) => cooldown !== undefined,
    );

  return {
    state: (provider, model, now) =>
      combine(remembered(provider, model), pauses.entry(provider), now),
    suspects: (provider, model) =>
      [WHOLE_PROVIDER, model].filter((name) => {
        const key = keyOf(provider, name);
        return suspects.has(key) || known.get(key)?.cooling === true;
      }),
    cooldowns: (provider) =>
      [...known.values()].filter(
        (cooldown) => provider === undefined || cooldown.provider === provider,
      ),
    pause: pauses.entry,
    remembered: () => [
      ...new Set([...known.values(), ...pauses.entries()].map(({ provider }) => provider)),
    ],
    apply,
    onChange: (listener) => void listeners.push(listener),
    reload: async (providers) => {
      forgetSuspects();
      await pauses.reload(providers);
      for (const provider of providers) await reloadCooldowns(provider);
      tell(undefined);
    },
  };
}

function keyOf(provider: string, model: string): string {
  return `${provider}\n${model}`;
}

function combine(
  remembered: readonly Cooldown[],
  pause: Pause | undefined,
  now: number,
): TargetState {
  if (pause?.paused === true) return { kind: 'paused', since: pause.since };
  const cooldowns = remembered.filter(({ cooling }) => cooling);
  if (cooldowns.length === 0) return openSince(remembered, pause);
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

function openSince(ended: readonly Cooldown[], pause: Pause | undefined): TargetState {
  const endings = ended.map(({ until, cleared = false }) => ({ at: until, byOperator: cleared }));
  if (pause !== undefined) endings.push({ at: pause.since, byOperator: true });
  if (endings.length === 0) return { kind: 'open' };
  const { at, byOperator } = endings.reduce((a, b) => (b.at > a.at ? b : a));
  return { kind: 'open', since: at, ...(byOperator ? { byOperator } : {}) };
}
