/** One rectangle of a stacked bar, in the units of the frame; y grows downward. */
export interface BarPart {
  /** Place of the series it belongs to. */
  series: number;
  /** Place of the bar, from the left. */
  bar: number;
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface BarFrame {
  width: number;
  height: number;
  /** Value at the upper edge. */
  top: number;
  /** Share of a bar's room that stays empty. */
  gap?: number;
}

/** Bars beside each other, the first series at the bottom of each; values of 0 take no part. */
export function stackBars(
  series: readonly (readonly number[])[],
  { width, height, top, gap = 0.2 }: BarFrame,
): BarPart[] {
  const bars = Math.max(0, ...series.map(({ length }) => length));
  const room = width / Math.max(1, bars);
  return Array.from({ length: bars }, (_, bar) => bar).flatMap((bar) => {
    let below = 0;
    return series.flatMap((values, index) => {
      const value = values[bar] ?? 0;
      if (value <= 0) return [];
      const tall = (value / top) * height;
      const y = height - (below / top) * height - tall;
      below += value;
      return [
        {
          series: index,
          bar,
          x: bar * room + (room * gap) / 2,
          y,
          width: room * (1 - gap),
          height: tall,
        },
      ];
    });
  });
}

/** The height of the highest bar. */
export function highestStack(series: readonly (readonly number[])[]): number {
  const bars = Math.max(0, ...series.map(({ length }) => length));
  const sums = Array.from({ length: bars }, (_, bar) =>
    series.reduce((sum, values) => sum + (values[bar] ?? 0), 0),
  );
  return Math.max(0, ...sums);
}
