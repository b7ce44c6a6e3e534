import { listen } from '@understudy/client';
import type { HeardEvent, ListenOptions } from '@understudy/client';
import type { paths } from '@understudy/client/openapi';
import createClient from 'openapi-fetch';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useWho } from '../session/session.ts';
import type { Who } from '../session/session-store.ts';
import { send, withKey } from './connection.ts';

type Connection = Parameters<typeof listen>[0];

export type StreamState = 'opening' | 'live' | 'lost';

const FIRST_DELAY_MS = 1000;
const LONGEST_DELAY_MS = 15_000;

export interface EventsAsked extends Pick<ListenOptions, 'id' | 'types'> {
  /** Of the job, where the session sees several. */
  project?: string | undefined;
  /** False while there is nothing to listen to. */
  isWanted?: boolean;
}

/**
 * Server-sent events, by a fetch that carries the key; resumed where the stream said that it stood,
 * ever more patiently while the broker is away.
 */
export function useEvents(asked: EventsAsked, onEvent: (event: HeardEvent) => void): StreamState {
  const who = useWho();
  const [state, setState] = useState<StreamState>('opening');
  const latest = useRef(onEvent);
  latest.current = onEvent;
  const { id, project, isWanted = true } = asked;
  const types = asked.types?.join(',');

  useEffect(() => {
    if (!isWanted) return undefined;
    const abort = new AbortController();
    setState('opening');
    const tell = (event: HeardEvent): void => latest.current(event);
    void follow(who, asked, abort.signal, tell, setState);
    return () => abort.abort();
  }, [who.key, who.acting, id, project, types, isWanted]);

  return state;
}

async function follow(
  who: Who,
  { id, types, project }: EventsAsked,
  signal: AbortSignal,
  tell: (event: HeardEvent) => void,
  setState: (state: StreamState) => void,
): Promise<void> {
  let lastEventId: string | undefined;
  let delayMs = FIRST_DELAY_MS;
  const opened = (): void => {
    delayMs = FIRST_DELAY_MS;
    setState('live');
  };
  while (!signal.aborted) {
    try {
      const options = {
        ...(id === undefined ? {} : { id }),
        ...(types === undefined ? {} : { types }),
        ...(lastEventId === undefined ? {} : { lastEventId }),
        onPlace: (place: string) => (lastEventId = place),
        signal,
      };
      for await (const event of listen(connectionOf(who, project, opened), options)) tell(event);
      return;
    } catch {
      if (signal.aborted) return;
      setState('lost');
      await pause(delayMs, signal);
      delayMs = Math.min(delayMs * 2, LONGEST_DELAY_MS);
    }
  }
}

function connectionOf(who: Who, project: string | undefined, opened: () => void): Connection {
  return {
    api: createClient<paths, 'application/json'>(),
    request: (path, init) =>
      withKey(new Request(new URL(path, location.origin), init), who.key, project),
    send: async (make, { signal } = {}) => {
      const response = await send(new Request(make(), signal === undefined ? {} : { signal }));
      opened();
      return response;
    },
  };
}

function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, delayMs);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
