import type { StreamState } from '../api/use-events.ts';

const WORDS: Readonly<Record<StreamState, string>> = {
  opening: 'connecting',
  live: 'live',
  lost: 'reconnecting',
};

/** Whether what is shown follows the broker. */
export function LiveMark({ state }: { state: StreamState }) {
  return (
    <span class={`live ${state}`} role="status">
      {WORDS[state]}
    </span>
  );
}
