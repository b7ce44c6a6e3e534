import { formatDuration } from './format-duration.ts';

/** A length of time, short; the exact number of milliseconds on hovering. */
export function Duration({ ms }: { ms: number | undefined }) {
  if (ms === undefined) return <span class="muted">–</span>;
  return (
    <span class="number" title={`${Math.round(ms).toLocaleString('en')} ms`}>
      {formatDuration(ms)}
    </span>
  );
}
