import type { Registration } from '@understudy/contracts';
import type { ProviderSettings, Settings } from '@understudy/configuration';
import type { OpenDispatch } from '@understudy/dispatch';
import type { ProviderConnection } from '@understudy/provider';
import type { Dispatcher } from 'undici';
import type { ImageFetcher } from './image-fetcher.ts';
import type { RecoveringTargets } from './recovering-targets.ts';
import type { RunningTurns } from './running-turns.ts';
import type { StoppingBatches } from './stopping-batches.ts';

/** One provider that this process serves. */
export interface ServedProvider {
  settings: ProviderSettings;
  connection: ProviderConnection;
  registration: Registration;
  dispatcher: Dispatcher;
}

export interface WorkerContext {
  dispatch: OpenDispatch;
  providers: ReadonlyMap<string, ServedProvider>;
  running: RunningTurns;
  stopping: StoppingBatches;
  recovering: RecoveringTargets;
  settings(): Settings;
  /** Absent where the operator lets no image be fetched. */
  images?: ImageFetcher;
}
