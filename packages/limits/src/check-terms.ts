import { BrokerError } from '@understudy/contracts';
import type { Holder } from './caller.ts';

/** Asked of work before it is accepted. */
export interface Terms {
  /** The model as the caller names it. */
  model: string;
  /** The route that it leads to. */
  route: string;
}

const NAMES = { project: 'this project', key: 'this key' } as const;

/** @throws BrokerError 403 for a route that the project or the key may not take */
export function checkRoute(holders: readonly Holder[], { model, route }: Terms): void {
  for (const { kind, limits } of holders) {
    const { routes } = limits;
    if (routes === undefined || routes.includes(route) || routes.includes(model)) continue;
    throw new BrokerError(
      'forbidden',
      `${NAMES[kind]} may not use the model "${model}"; it may use ${routes.join(', ')}`,
      { param: 'body.model' },
    );
  }
}

/**
 * The priority that work gets: what was asked for, or else the usual one, or the most important one
 * that is allowed where that is lower.
 * @throws BrokerError 400 for a priority above what the project or the key may have
 */
export function permittedPriority(
  holders: readonly Holder[],
  wanted: number | undefined,
  usual: number,
): number {
  let priority = wanted ?? usual;
  for (const { kind, limits } of holders) {
    const highest = limits.highest_priority ?? 0;
    if (priority >= highest) continue;
    if (wanted === undefined) {
      priority = highest;
      continue;
    }
    throw new BrokerError(
      'invalid_request',
      `${NAMES[kind]} may not have the priority ${wanted}; it may have ${highest} to 9`,
      { param: 'priority' },
    );
  }
  return priority;
}
