const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** What ioredis says of a connection that is gone, of whichever command. */
const CLOSED = [
  /^Connection is closed/,
  /^(?:Redis )?[Ss]ocket closed/,
  // Of one that it closed itself, because no answer came.
  /^Socket timeout\b/,
];

/** What a Redis says that is there and cannot do its work now, and what ioredis says of one that is not. */
const MESSAGES = [
  /^(?:LOADING|OOM|READONLY|MISCONF|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|MOVED|ASK|NOREPLICAS|BUSY)\b/,
  /^Command timed out/,
  /^Cluster isn't ready/,
  /^None of startup nodes is available/,
  /^Failed to refresh slots cache/,
  /^Too many Cluster redirections/,
  /^No server of the Redis Cluster/,
  /^Stream isn't writeable/,
  ...CLOSED,
];

/** Whether an error means that Redis is away or cannot write, so that the same request may succeed soon. */
export function isRedisUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === 'NotReplicatedError') return true;
  if (error.name === 'MaxRetriesPerRequestError' || error.name === 'AbortError') return true;
  if (isConnectionLost(error)) return true;
  return MESSAGES.some((pattern) => pattern.test(error.message));
}

/** Whether an error says no more than that there is no connection, which the connection reports itself. */
export function isConnectionLost(error: Error): boolean {
  if ('code' in error && NETWORK_CODES.has(String(error.code))) return true;
  return CLOSED.some((pattern) => pattern.test(error.message));
}
