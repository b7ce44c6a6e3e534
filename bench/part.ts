import type { ContenderName } from './contender.ts';
import { percentile } from './statistics.ts';

/** In the order in which they run. */
export const PART_NAMES = [
  'throughput',
  'idle',
  'notice',
  'next-call',
  'payload',
  'batch',
  'start',
  'bytes',
  'priority',
  'waiting',
  'outage',
  'depth',
] as const;
export type PartName = (typeof PART_NAMES)[number];
/** Want very many jobs; a quick run has them only where they are named, and with fewer. */
export const LARGE_PARTS: readonly PartName[] = ['priority', 'waiting', 'outage', 'depth'];

/** The first of them unless others are named. */
export const PROFILED_PARTS: readonly PartName[] = [
  'throughput',
  'idle',
  'next-call',
  'payload',
  'batch',
  'outage',
];

/** What the figure should be; of the ratio, or of the broker alone. */
export type Goal = { of: 'ratio' | 'broker' } & ({ atMost: number } | { atLeast: number });

/** One measured quantity: a row of the table. Values are one for each round, in order. */
export interface Figure {
  name: string;
  unit: string;
  /** In a row without a yardstick of its own: what `note` says. */
  yardstick?: readonly number[];
  broker?: readonly number[];
  /** Where it is not broker ÷ yardstick, round by round. */
  ratio?: readonly number[];
  goal?: Goal;
  /** What the row compares, or how it falls short of the full run. */
  note?: string;
}

export interface PartResult {
  figures: Figure[];
  /** For the results file alone, such as what each process took. */
  details?: Record<string, unknown>;
}

/** The ratio by rounds; those of one round ran right after each other. */
export function ratiosOf({ yardstick, broker, ratio }: Figure): readonly number[] {
  if (ratio !== undefined) return ratio;
  return (broker ?? []).flatMap((value, round) => {
    const other = yardstick?.[round];
    return other === undefined || other === 0 ? [] : [value / other];
  });
}

/** A figure of both contenders from what was measured in each round. */
export function figureOf<Measured>(
  rounds: Partial<Record<ContenderName, readonly Measured[]>>,
  name: string,
  unit: string,
  value: (measured: Measured) => number,
  more: Pick<Figure, 'goal' | 'note'> = {},
): Figure {
  const { yardstick, broker } = rounds;
  return {
    name,
    unit,
    ...(yardstick ? { yardstick: yardstick.map(value) } : {}),
    ...(broker ? { broker: broker.map(value) } : {}),
    ...more,
  };
}

/** The percentile of each round's samples, in milliseconds. */
export function percentileFigure(
  rounds: Partial<Record<ContenderName, readonly (readonly number[])[]>>,
  name: string,
  share: number,
  more: Pick<Figure, 'goal' | 'note'> = {},
): Figure {
  return figureOf(rounds, name, 'ms', (samples) => percentile(samples, share), more);
}
