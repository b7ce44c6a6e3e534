import { ask } from '../../api/connection.ts';
import type { Provider, Statistics } from '../../api/contract.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { useLiveReload } from '../../api/use-live-reload.ts';
import type { StreamState } from '../../api/use-events.ts';
import { useApi } from '../../session/use-api.ts';
import { sumOf } from './statistics.ts';

const EVERY_MS = 5000;
const SELDOM_MS = 30_000;
const MOST_DEAD_LETTERS = 100;

export interface Overview {
  /** The last hour, by minute. */
  hour: Statistics | undefined;
  providers: readonly Provider[] | undefined;
  deadLetters: { count: number; more: boolean };
  /** Since midnight UTC, as the limits of projects count it. */
  costToday: number | undefined;
  error: unknown;
  stream: StreamState;
  reload(): void;
}

/** What the overview shows, kept fresh: at once after something happened, else every few seconds. */
export function useOverview(): Overview {
  const api = useApi();
  const hour = useAnswer(
    'hour',
    (signal) => ask(api.GET('/v1/statistics', { params: { query: {} }, signal })),
    EVERY_MS,
  );
  const today = useAnswer(
    'today',
    (signal) => {
      const from = `${new Date().toISOString().slice(0, 10)}T00:00:00Z`;
      const query = { from, resolution: 'hour' as const };
      return ask(api.GET('/v1/statistics', { params: { query }, signal }));
    },
    SELDOM_MS,
  );
  const providers = useAnswer(
    'providers',
    (signal) => ask(api.GET('/v1/providers', { signal })),
    EVERY_MS,
  );
  const dead = useAnswer(
    'dead letters',
    (signal) => {
      const query = { state: 'dead' as const, limit: MOST_DEAD_LETTERS };
      return ask(api.GET('/v1/webhooks/deliveries', { params: { query }, signal }));
    },
    SELDOM_MS,
  );
  const reload = (): void => {
    for (const answer of [hour, providers, dead]) answer.reload();
  };
  const stream = useLiveReload(() => {
    hour.refresh();
    providers.refresh();
  });
  return {
    hour: hour.data,
    providers: providers.data?.data,
    deadLetters: { count: dead.data?.data.length ?? 0, more: dead.data?.has_more ?? false },
    costToday: today.data === undefined ? undefined : sumOf(today.data, 'cost_usd'),
    error: hour.error ?? providers.error ?? dead.error,
    stream,
    reload,
  };
}
