const STEPS = [1, 2, 5, 10];

/**
 * Round values for an axis from 0 on; the last is at least `max`.
 * @param whole counts have no ticks between whole numbers
 */
export function niceTicks(max: number, { most = 4, whole = true } = {}): number[] {
  const rough = (max > 0 ? max : 1) / most;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const fitting = (STEPS.find((step) => step * magnitude >= rough * (1 - 1e-9)) ?? 10) * magnitude;
  const step = whole ? Math.max(1, Math.ceil(fitting)) : fitting;
  const count = Math.max(1, Math.ceil((max / step) * (1 - 1e-9)));
  // Counted rather than summed up, so that 0.3 does not become 0.30000000000000004.
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}
