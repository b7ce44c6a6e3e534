import { subscribePatiently } from '@understudy/runtime';
import type { Subscriber } from '@understudy/runtime';
import type { EndpointRecords } from './endpoint-records.ts';
import type { Subscription } from './endpoint.ts';
import { endpointsChannel } from './webhook-keys.ts';

/** A message that was missed matters no longer than this. */
const STALE_AFTER_MS = 15_000;

/** Who hears of what in each project, as this process knows it; read once, then kept up by message. */
export interface EndpointDirectory {
  ofProject(project: string): Promise<readonly Subscription[]>;
}

/**
 * @param subscriber a connection for subscriptions
 * @param monotonic milliseconds that never run backwards
 */
export function createEndpointDirectory(
  records: EndpointRecords,
  subscriber: Subscriber,
  prefix: string,
  monotonic: () => number,
): EndpointDirectory {
  const known = new Map<string, { endpoints: readonly Subscription[]; staleAt: number }>();
  const channel = endpointsChannel(prefix);
  subscriber.on('message', (from, project) => {
    if (from === channel) known.delete(project);
  });
  subscriber.on('ready', () => known.clear());
  void subscribePatiently(subscriber, channel);
  return {
    ofProject: async (project) => {
      const cached = known.get(project);
      if (cached !== undefined && cached.staleAt > monotonic()) return cached.endpoints;
      // Set before the read, so that a message during it is not lost with an older answer.
      const entry = { endpoints: [] as readonly Subscription[], staleAt: -Infinity };
      known.set(project, entry);
      entry.endpoints = await records.subscriptions(project);
      entry.staleAt = monotonic() + STALE_AFTER_MS;
      return entry.endpoints;
    },
  };
}
