import type { Cost, Usage } from '@understudy/contracts';
import { costOf, nameOfSent } from '@understudy/models';
import type { HeldTurn } from './held-turn.ts';

/** What one call cost by the price table. */
export function costOfCall({ provider }: HeldTurn, sent: string, usage: Usage): Cost {
  const { registration } = provider;
  return costOf(registration.vendor, nameOfSent(sent, registration) ?? sent, usage, sent);
}
