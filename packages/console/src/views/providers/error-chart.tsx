import type { Statistics } from '../../api/contract.ts';
import { BarChart } from '../../components/charts/bar-chart.tsx';
import type { ChartTone } from '../../components/charts/chart-series.ts';
import { OTHER_RULES, errorSeries } from './error-series.ts';

const TONES: readonly ChartTone[] = ['bad', 'c', 'b', 'd'];

interface ErrorChartProps {
  statistics: Statistics['providers'][number];
  times: readonly number[];
  provider: string;
}

/** Why attempts failed, over time, by the rule that decided. */
export function ErrorChart({ statistics, times, provider }: ErrorChartProps) {
  const series = errorSeries(statistics, times);
  if (series.length === 0) return <p class="small muted">No attempt failed.</p>;
  return (
    <BarChart
      title={`Errors of ${provider} per minute in the last hour`}
      summary={series.map(({ rule, count }) => `${count} ${rule}`).join(', ')}
      times={times}
      series={series.map(({ rule, values }, index) => ({
        label: rule === OTHER_RULES ? 'other' : rule,
        tone: TONES[index] ?? 'muted',
        values,
      }))}
      height={96}
    />
  );
}
