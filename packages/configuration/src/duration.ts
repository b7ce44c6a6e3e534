const UNIT_MS: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);

/**
 * The longest time that a timer of Node counts, as it is written for people: of anything above 2^31 ms
 * it makes one millisecond, so that what should never end would end at once.
 */
export const LONGEST_TIMER = '24d';

/** Whether `parseDuration` takes this text. */
export function isDuration(text: string): boolean {
  return readDuration(text) !== undefined;
}

/**
 * Reads `250ms`, `30s`, `5m`, `1.5h` or `7d`.
 * @returns milliseconds, rounded to a whole number
 * @throws RangeError naming the text and the accepted form
 */
export function parseDuration(text: string): number {
  const durationMs = readDuration(text);
  if (durationMs !== undefined) return durationMs;
  throw new RangeError(
    `"${text}" is not a duration; write a number and a unit, such as 250ms, 30s, 5m, 1h or 7d`,
  );
}

function readDuration(text: string): number | undefined {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)([a-z]+)$/.exec(text) ?? [];
  const unitMs = UNIT_MS.get(unit);
  return unitMs === undefined ? undefined : Math.round(Number(amount) * unitMs);
}

/** @param byDefaultMs where there is no text */
export function durationOr(text: string | undefined, byDefaultMs: number): number {
  return text === undefined ? byDefaultMs : parseDuration(text);
}
