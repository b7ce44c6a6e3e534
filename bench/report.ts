import type { Machine } from './machine.ts';
import type { BenchOptions } from './options.ts';
import {
  PART_NAMES,
  ratiosOf,
  type Figure,
  type Goal,
  type PartName,
  type PartResult,
} from './part.ts';
import { median, spread, type Spread } from './statistics.ts';

export interface BenchRun {
  startedAt: string;
  options: BenchOptions;
  /** Before the first part. */
  machine: Machine;
  /** Of each part, what made its figures less than trustworthy. */
  warnings: Partial<Record<PartName, readonly string[]>>;
  parts: Partial<Record<PartName, PartResult>>;
  /** Of parts that came to no end, why. */
  failures: Partial<Record<PartName, string>>;
}

/** What stands in the results file. */
export function summary({ startedAt, options, machine, warnings, parts, failures }: BenchRun) {
  const figures = Object.values(parts).flatMap((part) => part.figures);
  const compared = figures.filter((figure) => ratiosOf(figure).length > 0);
  return {
    started_at: startedAt,
    options,
    machine,
    warnings,
    failures,
    figures: Object.fromEntries(figures.map((figure) => [figure.name, told(figure)])),
    /** Broker over yardstick unless the figure's note says otherwise; medians over the rounds. */
    ratios: Object.fromEntries(compared.map((one) => [one.name, median(ratiosOf(one))])),
    ratio_spreads: Object.fromEntries(compared.map((one) => [one.name, spread(ratiosOf(one))])),
    missed: figures.filter((figure) => isMissed(figure)).map(({ name }) => name),
    details: Object.fromEntries(
      Object.entries(parts).flatMap(([name, { details }]) => (details ? [[name, details]] : [])),
    ),
  };
}

function told({ unit, note, goal, yardstick, broker }: Figure) {
  return {
    unit,
    ...(yardstick?.length ? { yardstick: spread(yardstick) } : {}),
    ...(broker?.length ? { broker: spread(broker) } : {}),
    ...(goal ? { goal } : {}),
    ...(note === undefined ? {} : { note }),
  };
}

/** Whether the median misses the goal; a figure without goal or values misses nothing. */
export function isMissed(figure: Figure): boolean {
  const { goal } = figure;
  if (goal === undefined) return false;
  const values = goal.of === 'ratio' ? ratiosOf(figure) : (figure.broker ?? []);
  if (values.length === 0) return false;
  const value = median(values);
  return 'atMost' in goal ? value > goal.atMost : value < goal.atLeast;
}

/** One row for each figure, then the notes and the warnings. */
export function table({ options, machine, warnings, parts, failures }: BenchRun): string[] {
  const header = ['', 'unit', 'yardstick', 'broker', 'ratio', 'quartiles', 'n', 'goal', ''];
  const figures = Object.values(parts).flatMap((part) => part.figures);
  const notes = figures.flatMap(({ name, note }) =>
    note === undefined ? [] : [`${name}: ${note}`],
  );
  const doubts = [
    ...machine.warnings.map((text) => `WARNING, at the start: ${text}`),
    ...Object.entries(warnings).flatMap(([part, texts]) =>
      texts.map((text) => `WARNING, during ${part}: ${text}`),
    ),
  ];
  const absent = PART_NAMES.filter((name) => !options.parts.includes(name));
  const leftOut = absent.length > 0 ? [`left out: ${absent.join(', ')}`] : [];
  const failed = Object.entries(failures).map(([part, reason]) => `FAILED, ${part}: ${reason}`);
  return [
    ...aligned([header, ...figures.map(row)]),
    '',
    ...notes,
    ...leftOut,
    ...doubts,
    ...failed,
  ];
}

function row(figure: Figure): string[] {
  const ratios = ratiosOf(figure);
  const ratio = ratios.length > 0 ? spread(ratios) : undefined;
  const rounds = Math.max(figure.broker?.length ?? 0, figure.yardstick?.length ?? 0, ratios.length);
  return [
    figure.name,
    figure.unit,
    medianText(figure.yardstick),
    medianText(figure.broker),
    ratio ? ratio.median.toFixed(2) : '–',
    ratio ? quartilesText(ratio) : '–',
    String(rounds),
    figure.goal ? goalText(figure.goal) : '',
    isMissed(figure) ? 'missed' : '',
  ];
}

function goalText(goal: Goal): string {
  const bound = 'atMost' in goal ? `≤ ${goal.atMost}` : `≥ ${goal.atLeast}`;
  return goal.of === 'ratio' ? bound : `broker ${bound}`;
}

function medianText(values: readonly number[] | undefined): string {
  if (values === undefined || values.length === 0) return '–';
  const value = median(values);
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2);
}

function quartilesText({ lowerQuartile, upperQuartile }: Spread): string {
  return `${lowerQuartile.toFixed(2)}–${upperQuartile.toFixed(2)}`;
}

const LEFT_ALIGNED_COLUMNS = 2;

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((cells) => cells[column]?.length ?? 0)),
  );
  return rows.map((cells) =>
    cells
      .map((cell, column) =>
        column < LEFT_ALIGNED_COLUMNS
          ? cell.padEnd(widths[column] ?? 0)
          : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}
