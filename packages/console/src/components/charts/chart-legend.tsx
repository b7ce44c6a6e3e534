import type { ChartTone } from './chart-series.ts';
import { ToneSwatch } from './tone-patterns.tsx';

export interface LegendEntry {
  label: string;
  tone: ChartTone;
  /** Drawn as a line across the bars. */
  isLine?: boolean;
  value: string;
}

/** What the colours and textures of a chart stand for, with a figure for each. */
export function ChartLegend({ entries }: { entries: readonly LegendEntry[] }) {
  return (
    <ul class="chart-legend">
      {entries.map(({ label, tone, isLine = false, value }) => (
        <li key={label}>
          <ToneSwatch tone={tone} isLine={isLine} />
          <span class="chart-legend-label">{label}</span>
          <strong>{value}</strong>
        </li>
      ))}
    </ul>
  );
}
