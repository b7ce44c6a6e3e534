import type { Span } from './waterfall-rows.ts';

export interface Bar extends Span {
  /** Classes that say what the time went to. */
  look: string;
}

/** Bars on the job's time axis; what they show stands beside them in words. */
export function Track({ totalMs, bars }: { totalMs: number; bars: readonly Bar[] }) {
  return (
    <div class="track" aria-hidden="true">
      {bars.map(({ fromMs, toMs, look }) => (
        <span
          key={look}
          class={`track-bar ${look}`}
          style={{
            left: `min(${(fromMs / totalMs) * 100}%, 100% - 4px)`,
            width: `${((toMs - fromMs) / totalMs) * 100}%`,
          }}
        />
      ))}
    </div>
  );
}
