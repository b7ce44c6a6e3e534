import { useEffect, useRef } from 'preact/hooks';
import type { EventsAsked, StreamState } from './use-events.ts';
import { useEvents } from './use-events.ts';

/** However much happens, what is shown is asked for again no more often than this. */
const LEAST_APART_MS = 1500;

/** Asks again soon after something happened; many events in a row cause one question. */
export function useLiveReload(reload: () => void, asked: EventsAsked = {}): StreamState {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return useEvents(asked, () => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      reload();
    }, LEAST_APART_MS);
  });
}
