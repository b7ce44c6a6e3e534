import { useState } from 'preact/hooks';
import type { ChartSeries } from './chart-series.ts';
import { clockTime } from './chart-series.ts';

interface ChartTableProps {
  title: string;
  times: readonly number[];
  series: readonly ChartSeries[];
  format: (value: number) => string;
}

/** The same figures in words, for those who cannot or would rather not read the picture. */
export function ChartTable({ title, times, series, format }: ChartTableProps) {
  const [isOpen, setIsOpen] = useState(false);
  const rows = times
    .map((at, bar) => ({ at, values: series.map(({ values }) => values[bar] ?? 0) }))
    .filter(({ values }) => values.some((value) => value !== 0))
    .toReversed();
  return (
    <details class="chart-table" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>As a table</summary>
      {isOpen && rows.length === 0 && <p class="muted">Nothing happened in this time.</p>}
      {isOpen && rows.length > 0 && (
        <div class="chart-table-scroll" tabIndex={0} role="region" aria-label={`${title}, table`}>
          <table>
            <thead>
              <tr>
                <th scope="col">Time</th>
                {series.map(({ label }) => (
                  <th key={label} scope="col">
                    {label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(({ at, values }) => (
                <tr key={at}>
                  <th scope="row">{clockTime(at)}</th>
                  {values.map((value, index) => (
                    <td key={series[index]?.label}>{format(value)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </details>
  );
}
