const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Milliseconds in the two largest units that say something: `340 ms`, `2.4 s`, `3 min 20 s`, `2 d 4 h`. */
export function formatDuration(ms: number): string {
  if (ms < SECOND_MS) return `${Math.round(ms)} ms`;
  if (ms < 9_950) return `${(ms / SECOND_MS).toFixed(1)} s`;
  const seconds = Math.round(ms / SECOND_MS);
  if (seconds < 60) return `${seconds} s`;
  if (ms < HOUR_MS - SECOND_MS / 2) return pair(seconds, 60, 'min', 's');
  const minutes = Math.round(ms / MINUTE_MS);
  if (ms < DAY_MS - MINUTE_MS / 2) return pair(minutes, 60, 'h', 'min');
  return pair(Math.round(ms / HOUR_MS), 24, 'd', 'h');
}

function pair(small: number, perLarge: number, largeUnit: string, smallUnit: string): string {
  const rest = small % perLarge;
  const large = `${Math.floor(small / perLarge)} ${largeUnit}`;
  return rest === 0 ? large : `${large} ${rest} ${smallUnit}`;
}
