import { useEffect, useRef } from 'preact/hooks';
import type { EventsAsked, StreamState } from './use-events.ts';
import { useEvents } from './use-events.ts';

const LEAST_APART_MS = 1500;

/**
 * Asks again soon after something happened; many events in a row cause one question.
 * @param leastApartMs however much happens, what is shown is asked for again no more often than this
 */
export function useLiveReload(
  refresh: () => void,
  asked: EventsAsked = {},
  leastApartMs = LEAST_APART_MS,
): StreamState {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return useEvents(asked, () => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      refresh();
    }, leastApartMs);
  });
}
