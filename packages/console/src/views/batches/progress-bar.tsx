import type { Batch } from '@understudy/client';
import { isOver } from './batch-answers.ts';

interface ProgressBarProps {
  counts: Batch['request_counts'];
  label: string;
}

/** Answered and failed lines as parts of all. */
export function ProgressBar({ counts: { total, completed, failed }, label }: ProgressBarProps) {
  const percent = (count: number): string => `${total === 0 ? 0 : (count / total) * 100}%`;
  return (
    <div
      class="progress"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={completed + failed}
      aria-valuetext={`${completed} answered, ${failed} failed, of ${total}`}
    >
      <span class="progress-good" style={{ width: percent(completed) }} />
      <span class="progress-bad" style={{ width: percent(failed) }} />
    </div>
  );
}

export function ProgressCell({ batch }: { batch: Batch }) {
  const { id, request_counts: counts } = batch;
  const { total, completed, failed } = counts;
  if (total === 0) {
    return <span class="muted">{isOver(batch) ? 'no line was run' : 'counting'}</span>;
  }
  return (
    <div class="progress-cell">
      <ProgressBar counts={counts} label={`Progress of ${id}`} />
      <span class="number small">
        {(completed + failed).toLocaleString()} of {total.toLocaleString()}
      </span>
    </div>
  );
}
