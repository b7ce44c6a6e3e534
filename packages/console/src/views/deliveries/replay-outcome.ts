interface Replayed {
  redelivered: number;
  has_more: boolean;
}

/** What became of a replay, and how to go on with it where it did not reach the end. */
export function replayOutcome(
  { redelivered, has_more: hasMore }: Replayed,
  isDeadAlone: boolean,
): string {
  const done = `${redelivered.toLocaleString()} are sent again, the oldest first.`;
  if (!hasMore) return done;
  // Those that were sent are dead no more; but they still were made since the same time.
  const how = isDeadAlone ? 'replay again' : 'replay again, since a later time';
  return `${done} There are more: ${how}.`;
}
