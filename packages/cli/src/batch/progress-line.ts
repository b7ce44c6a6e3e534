import { formatDollars } from '@understudy/contracts';
import { formatDuration } from '../output/duration-text.ts';

/** How far a batch has come, at an instant of a monotonic clock. */
export interface Progress {
  status: string;
  total: number;
  done: number;
  failed: number;
  cost?: number;
  /** Lines a second of late; undefined until it is known. */
  linesPerSecond?: number;
}

const BAR_CELLS = 24;

/** One line of at most `columns` characters: what is least needed is left out first. */
export function progressLine(progress: Progress, columns: number): string {
  const { status, total, done, failed, cost, linesPerSecond } = progress;
  if (total === 0) return cut(`${status} …`, columns);
  const share = Math.min(1, done / total);
  const filled = Math.round(share * BAR_CELLS);
  const bar = `${'█'.repeat(filled)}${'░'.repeat(BAR_CELLS - filled)}`;
  const rate = linesPerSecond ?? 0;
  const leftMs = rate > 0 ? ((total - done) / rate) * 1000 : undefined;
  const needed = `${Math.floor(share * 100)}% ${done}/${total}`;
  const extras = [
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(rate > 0 ? [`${rate < 10 ? rate.toFixed(1) : Math.round(rate)} lines/s`] : []),
    ...(leftMs === undefined || done >= total ? [] : [`${formatDuration(leftMs)} left`]),
    ...(cost === undefined ? [] : [formatDollars(cost)]),
    ...(status === 'in_progress' ? [] : [status]),
  ];
  for (const parts of [
    [bar, needed, ...extras],
    [needed, ...extras],
  ]) {
    const line = parts.join('  ');
    if (line.length <= columns) return line;
  }
  return cut(needed, columns);
}

function cut(text: string, columns: number): string {
  return text.length <= columns ? text : text.slice(0, Math.max(0, columns));
}
