const DAY_MS = 86_400_000;

/** Asked for several times for each job, and nearly always for the day of the last time. */
let latest = { day: Number.NaN, text: '' };

/** The day of an instant in UTC, as `2026-11-22`. @param atMs milliseconds since the epoch */
export function utcDay(atMs: number): string {
  const day = Math.floor(atMs / DAY_MS);
  if (day !== latest.day) latest = { day, text: new Date(atMs).toISOString().slice(0, 10) };
  return latest.text;
}
