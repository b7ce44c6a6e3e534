import type { WaitingRooms } from '@understudy/availability';
import type { JobStore } from '@understudy/job-store';
import type { QueueProducer } from '@understudy/queue';
import type { RoutingViews } from '@understudy/routing';
import type { Clock, Logger, Redis } from '@understudy/runtime';
import type { Sealer } from '@understudy/sealing';

/** What every step of a job needs, whichever process takes it. */
export interface DispatchContext {
  store: JobStore;
  queue: QueueProducer;
  rooms: WaitingRooms;
  /** The routes, registrations and cool-downs as this process knows them now. */
  views(): RoutingViews;
  clock: Clock;
  /** 0 to 1; for jitter. */
  random(): number;
  /** For publishing. */
  redis: Redis;
  keyPrefix: string;
  /** Encrypts what of jobs, files and webhooks is kept, where there is a key. */
  sealer: Sealer;
  logger: Logger;
}
