/** The value below which `share` of the samples lie (nearest rank). @throws Error without samples */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new Error('a percentile needs at least one sample');
  return value;
}

export function median(samples: readonly number[]): number {
  return percentile(samples, 0.5);
}

/** Median of several rounds, the half of them that lies around it, and the range of all. */
export interface Spread {
  median: number;
  lowerQuartile: number;
  upperQuartile: number;
  least: number;
  most: number;
  rounds: number;
}

export function spread(samples: readonly number[]): Spread {
  return {
    median: median(samples),
    lowerQuartile: percentile(samples, 0.25),
    upperQuartile: percentile(samples, 0.75),
    least: Math.min(...samples),
    most: Math.max(...samples),
    rounds: samples.length,
  };
}
