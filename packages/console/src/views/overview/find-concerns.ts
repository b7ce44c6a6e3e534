import type { Provider } from '../../api/contract.ts';
import { healthOf, oldestMs, takesJobs } from '../providers/provider-health.ts';

/** Something that needs a person, or soon may. */
export interface Concern {
  level: 'bad' | 'warn';
  /** What is wrong, where. */
  title: string;
  /** What follows from it, or what to do. */
  detail: string;
  /** Where in the console to look at it. */
  href: string;
}

export interface Situation {
  providers: readonly Provider[];
  /** Deliveries that were given up. */
  deadLetters: { count: number; more: boolean };
}

/** A job that has waited so long for a healthy provider is worth a look. */
const LONG_WAIT_MS = 60_000;

/** What needs attention, the worst first. */
export function findConcerns({ providers, deadLetters }: Situation): Concern[] {
  const concerns = [
    ...everythingClosed(providers),
    ...providers.flatMap(providerConcerns),
    ...deadLetterConcern(deadLetters),
  ];
  return concerns.toSorted((a, b) => Number(b.level === 'bad') - Number(a.level === 'bad'));
}

function everythingClosed(providers: readonly Provider[]): Concern[] {
  if (providers.length === 0 || providers.some(takesJobs)) return [];
  return [
    {
      level: 'bad',
      title: 'No provider takes jobs now',
      detail: 'Jobs are accepted and wait; each goes on when the first of its targets opens.',
      href: '/console/providers',
    },
  ];
}

function providerConcerns(provider: Provider): Concern[] {
  const { id, paused, cooldowns, stale_names: staleNames } = provider;
  const href = `/console/providers#${id}`;
  const health = healthOf(provider);
  const found: Concern[] = [];
  if (health === 'no_worker') {
    const never = provider.registered ? '' : ' None was ever seen.';
    found.push({
      level: 'bad',
      title: `${id} has no live worker`,
      detail: `Its jobs fall through to the next target.${never} Start worker-${provider.kind}.`,
      href,
    });
  }
  for (const { alert, rule } of cooldowns) {
    if (!alert) continue;
    found.push({
      level: 'bad',
      title: `${id}: account trouble`,
      detail: `${rule}. Look at its key, billing and region; then clear the cool-down.`,
      href,
    });
  }
  if (paused !== undefined) {
    found.push({
      level: 'warn',
      title: `${id} is paused`,
      detail: paused.reason ?? 'Nobody said why. Resume it when it may serve again.',
      href,
    });
  }
  const waitedMs = oldestMs(provider);
  if (health === 'healthy' && waitedMs !== undefined && waitedMs > LONG_WAIT_MS) {
    const minutes = Math.floor(waitedMs / 60_000);
    found.push({
      level: 'warn',
      title: `${id} is behind`,
      detail: `Its oldest job has waited for ${minutes} min though it is healthy: look at its limits.`,
      href,
    });
  }
  if (staleNames.length > 0) {
    found.push({
      level: 'warn',
      title: `${id} does not know ${staleNames.map(({ model }) => model).join(', ')}`,
      detail:
        'It said that there is no such model. Correct the name, or take it out of the routes.',
      href,
    });
  }
  return found;
}

function deadLetterConcern({ count, more }: Situation['deadLetters']): Concern[] {
  if (count === 0) return [];
  const number = `${count}${more ? '+' : ''}`;
  return [
    {
      level: 'warn',
      title: `${number} dead ${count === 1 ? 'letter' : 'letters'}`,
      detail: 'Deliveries that were given up. Mend the receiver, then replay them.',
      href: '/console/deliveries?state=dead',
    },
  ];
}
