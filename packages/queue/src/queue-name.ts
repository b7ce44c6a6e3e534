/** The braces are the queue's hash tag: all its keys share a slot of a Redis Cluster. */
export function queueName(provider: string): string {
  return `{${provider}}`;
}

export function queuePrefix(keyPrefix: string): string {
  return `${keyPrefix}:queue`;
}

/** A key of a provider's queue by the name that BullMQ gives it; that of an entry is its id. */
export function queueKey(keyPrefix: string, provider: string, name: string): string {
  return `${queuePrefix(keyPrefix)}:${queueName(provider)}:${name}`;
}

/** BullMQ's sorted set of the entries that wait with a priority. */
export function waitingEntriesKey(keyPrefix: string, provider: string): string {
  return queueKey(keyPrefix, provider, 'prioritized');
}
