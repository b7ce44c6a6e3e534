import { cpuByProcess, FIGURE_NAMES, FIGURES, figureSpread, ratioSpread } from './figures.ts';
import type { Machine } from './machine.ts';
import type { BenchOptions } from './options.ts';
import type { Round } from './round.ts';
import type { Spread } from './statistics.ts';

export interface BenchRun {
  startedAt: string;
  options: BenchOptions;
  machine: Machine;
  rounds: { yardstick: Round[]; broker: Round[] };
}

/** What stands in the results file: figures of both, ratios, CPU by process. */
export function summary({ startedAt, options, machine, rounds }: BenchRun) {
  const contenders = (['yardstick', 'broker'] as const).filter((name) => rounds[name].length > 0);
  return {
    started_at: startedAt,
    options,
    machine,
    figures: Object.fromEntries(
      contenders.map((name) => [
        name,
        Object.fromEntries(
          FIGURE_NAMES.map((figure) => [figure, figureSpread(figure, rounds[name])]),
        ),
      ]),
    ),
    cpu_microseconds_per_job: Object.fromEntries(
      contenders.map((name) => [
        name,
        {
          small: cpuByProcess(rounds[name], 'small'),
          large: cpuByProcess(rounds[name], 'large'),
        },
      ]),
    ),
    ...(contenders.length < 2 ? {} : ratios(rounds)),
  };
}

function ratios({ broker, yardstick }: BenchRun['rounds']) {
  const spreads = FIGURE_NAMES.map((name) => [name, ratioSpread(name, broker, yardstick)] as const);
  return {
    /** Broker over yardstick, medians over the rounds. */
    ratios: Object.fromEntries(spreads.map(([name, { median }]) => [name, median])),
    ratio_spreads: Object.fromEntries(spreads),
  };
}

/** One row for each figure: both contenders, and broker over yardstick with its range. */
export function table({ rounds: { broker, yardstick } }: BenchRun): string[] {
  const header = ['', 'unit', 'yardstick', 'broker', 'ratio', 'range'];
  const rows = FIGURE_NAMES.map((name) => {
    const ratio =
      broker.length > 0 && yardstick.length > 0 ? ratioSpread(name, broker, yardstick) : undefined;
    return [
      name,
      FIGURES[name].unit,
      medianText(name, yardstick),
      medianText(name, broker),
      ratio ? ratio.median.toFixed(2) : '–',
      ratio ? rangeText(ratio) : '–',
    ];
  });
  return aligned([header, ...rows]);
}

function medianText(name: (typeof FIGURE_NAMES)[number], rounds: readonly Round[]): string {
  if (rounds.length === 0) return '–';
  const { median } = figureSpread(name, rounds);
  return median >= 100 ? median.toFixed(0) : median.toFixed(2);
}

function rangeText({ least, most }: Spread): string {
  return `${least.toFixed(2)}–${most.toFixed(2)}`;
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  '),
  );
}
