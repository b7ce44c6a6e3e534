const STEPS_MINUTES = [1, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440];

export interface TimeTick {
  /** Place of the bar it stands below. */
  bar: number;
  at: number;
}

/**
 * The bars of a time axis that bear a label: those on round times of the day, at most so many.
 * @param minuteOfDay in the reader's time zone
 */
export function timeTicks(
  times: readonly number[],
  most: number,
  minuteOfDay: (at: number) => number = localMinuteOfDay,
): TimeTick[] {
  const ticksAt = (step: number): TimeTick[] =>
    times.flatMap((at, bar) => (minuteOfDay(at) % step === 0 ? [{ bar, at }] : []));
  const fitting = STEPS_MINUTES.map(ticksAt).find(({ length }) => length <= most);
  return fitting ?? [];
}

function localMinuteOfDay(at: number): number {
  const date = new Date(at);
  return date.getHours() * 60 + date.getMinutes();
}
