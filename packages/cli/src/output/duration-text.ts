const UNITS = [
  { name: 'd', ms: 86_400_000 },
  { name: 'h', ms: 3_600_000 },
  { name: 'm', ms: 60_000 },
  { name: 's', ms: 1000 },
] as const;

/** `850 ms`, `12 s`, `3 m 20 s`, `2 h 5 m`: the two largest units at most. */
export function formatDuration(durationMs: number): string {
  if (durationMs < 1000) return `${Math.max(0, Math.round(durationMs))} ms`;
  if (durationMs < 10_000) return `${(durationMs / 1000).toFixed(1)} s`;
  const seconds = Math.round(durationMs / 1000) * 1000;
  const first = UNITS.findIndex(({ ms }) => seconds >= ms);
  let left = seconds;
  const parts = UNITS.slice(first, first + 2).map(({ name, ms }) => {
    const count = Math.floor(left / ms);
    left -= count * ms;
    return { count, name };
  });
  return parts
    .filter(({ count }) => count > 0)
    .map(({ count, name }) => `${count} ${name}`)
    .join(' ');
}

/** `12 s ago`, `in 3 m`, `now`. */
export function formatRelative(instant: string | number, now: number): string {
  const at = typeof instant === 'number' ? instant : Date.parse(instant);
  if (Number.isNaN(at)) return String(instant);
  const distanceMs = at - now;
  if (Math.abs(distanceMs) < 1000) return 'now';
  // To the second: a table of times is no stopwatch.
  const text = formatDuration(Math.max(1, Math.round(Math.abs(distanceMs) / 1000)) * 1000).replace(
    /\.0 s$/,
    ' s',
  );
  return distanceMs < 0 ? `${text} ago` : `in ${text}`;
}
