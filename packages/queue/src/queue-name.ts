/** The braces are the queue's hash tag: all its keys share a slot of a Redis Cluster. */
export function queueName(provider: string): string {
  return `{${provider}}`;
}

export function queuePrefix(keyPrefix: string): string {
  return `${keyPrefix}:queue`;
}

/** BullMQ's sorted set of the entries that wait with a priority. */
export function waitingEntriesKey(keyPrefix: string, provider: string): string {
  return `${queuePrefix(keyPrefix)}:${queueName(provider)}:prioritized`;
}
