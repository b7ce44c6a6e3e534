import { useId, useRef, useState } from 'preact/hooks';
import { ChartLegend } from './chart-legend.tsx';
import type { ChartSeries } from './chart-series.ts';
import { clockTime } from './chart-series.ts';
import { ChartTable } from './chart-table.tsx';
import { niceTicks } from './nice-ticks.ts';
import { highestStack, stackBars } from './stack-bars.ts';
import { timeTicks } from './time-ticks.ts';
import { TonePatterns, toneFill } from './tone-patterns.tsx';
import { useWidth } from './use-width.ts';
import './charts.css';

export interface BarChartProps {
  title: string;
  /** The gist in a sentence, for those who do not see the picture. */
  summary: string;
  /** Beginning of each bar, milliseconds since the epoch. */
  times: readonly number[];
  /** Stacked, the first at the bottom. */
  series: readonly ChartSeries[];
  /** Drawn across the bars. */
  line?: ChartSeries;
  height?: number;
  format?: (value: number) => string;
  /** Counts, which have no ticks between whole numbers. */
  whole?: boolean;
}

const AXIS = { left: 40, bottom: 20, top: 8 };
const LABEL_WIDTH = 64;
const COUNT = new Intl.NumberFormat();

/** Stacked bars over time. Pointing at a bar shows its figures in the legend. */
export function BarChart({
  title,
  summary,
  times,
  series,
  line,
  height = 180,
  format = (value) => COUNT.format(value),
  whole = true,
}: BarChartProps) {
  const holder = useRef<HTMLDivElement>(null);
  const width = useWidth(holder);
  const [pointed, setPointed] = useState<number>();
  const plot = { width: Math.max(0, width - AXIS.left), height: height - AXIS.bottom - AXIS.top };
  const stacks = series.map(({ values }) => values);
  const ticks = niceTicks(Math.max(highestStack(stacks), ...(line?.values ?? [])), { whole });
  const top = ticks.at(-1) ?? 1;
  const pointAt = (event: PointerEvent): void => {
    if (!(event.currentTarget instanceof SVGElement)) return;
    const { left } = event.currentTarget.getBoundingClientRect();
    const bar = Math.floor(((event.clientX - left - AXIS.left) / plot.width) * times.length);
    setPointed(bar >= 0 && bar < times.length ? bar : undefined);
  };
  const shown = [...series, ...(line === undefined ? [] : [line])];
  const at = pointed === undefined ? undefined : times[pointed];
  return (
    <figure class="chart">
      <figcaption class="chart-head">
        <span class="chart-when">{at === undefined ? 'in all' : clockTime(at)}</span>
        <ChartLegend
          entries={shown.map((one) => ({
            label: one.label,
            tone: one.tone,
            isLine: one === line,
            value: format(pointed === undefined ? sum(one.values) : (one.values[pointed] ?? 0)),
          }))}
        />
      </figcaption>
      <div ref={holder} class="chart-holder">
        {width > 0 && (
          <svg
            width={width}
            height={height}
            role="img"
            aria-label={`${title}. ${summary}`}
            onPointerMove={pointAt}
            onPointerLeave={() => setPointed(undefined)}
          >
            <Plot {...{ times, series, line, ticks, top, plot, pointed, format }} />
          </svg>
        )}
      </div>
      <ChartTable title={title} times={times} series={shown} format={format} />
    </figure>
  );
}

interface PlotProps {
  times: readonly number[];
  series: readonly ChartSeries[];
  line: ChartSeries | undefined;
  ticks: readonly number[];
  top: number;
  plot: { width: number; height: number };
  pointed: number | undefined;
  format: (value: number) => string;
}

function Plot({ times, series, line, ticks, top, plot, pointed, format }: PlotProps) {
  const chart = useId();
  const room = plot.width / Math.max(1, times.length);
  const parts = stackBars(
    series.map(({ values }) => values),
    { ...plot, top },
  );
  return (
    <>
      <TonePatterns chart={chart} tones={[...new Set(series.map(({ tone }) => tone))]} />
      <g transform={`translate(${AXIS.left} ${AXIS.top})`}>
        {ticks.map((tick) => {
          const y = plot.height - (tick / top) * plot.height;
          return (
            <g key={tick}>
              <line x1={0} x2={plot.width} y1={y} y2={y} class="chart-grid" />
              <text x={-8} y={y} dy="0.32em" text-anchor="end" class="chart-text">
                {format(tick)}
              </text>
            </g>
          );
        })}
        {pointed !== undefined && (
          <rect x={pointed * room} width={room} height={plot.height} class="chart-pointed" />
        )}
        {parts.map(({ series: index, bar, ...place }) => (
          <rect
            key={`${index} ${bar}`}
            {...place}
            fill={toneFill(chart, series[index]?.tone ?? 'muted')}
          />
        ))}
        {line !== undefined && (
          <path
            d={stepPath(line.values, room, plot.height, top)}
            class={`chart-line tone-${line.tone}`}
          />
        )}
        {timeTicks(times, Math.floor(plot.width / LABEL_WIDTH)).map(({ bar, at }) => (
          <text
            key={at}
            x={Math.min((bar + 0.5) * room, plot.width - LABEL_WIDTH / 2 + 4)}
            y={plot.height + 15}
            text-anchor="middle"
            class="chart-text"
          >
            {clockTime(at)}
          </text>
        ))}
      </g>
    </>
  );
}

/** A line that holds each value for the width of its bar. */
function stepPath(values: readonly number[], room: number, height: number, top: number): string {
  return values
    .map((value, bar) => {
      const y = (height - (value / top) * height).toFixed(1);
      return `${bar === 0 ? 'M' : 'L'}${(bar * room).toFixed(1)},${y} H${((bar + 1) * room).toFixed(1)}`;
    })
    .join(' ');
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
