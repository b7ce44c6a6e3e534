import type { WebhookSettings } from '@understudy/configuration';
import type { JobStore } from '@understudy/job-store';
import type { GuardedDispatcher } from '@understudy/outbound';
import type { WebhookTurns } from '@understudy/queue';
import type { Clock, Logger, UnreadableTeller } from '@understudy/runtime';
import type { WebhookParts } from '@understudy/webhooks';

/** What serving an endpoint needs. */
export interface DelivererContext {
  parts: WebhookParts;
  queue: WebhookTurns;
  jobs: JobStore;
  dispatcher: GuardedDispatcher;
  clock: Clock;
  settings: WebhookSettings;
  /** 0 to 1; for jitter. */
  random(): number;
  /** Aborted when no new try may begin. */
  draining: AbortSignal;
  /** Aborted when tries that are under way must end: the grace period is over. */
  stopping: AbortSignal;
  logger: Logger;
  /** Is told of each delivery that is left alone, as it cannot be read. */
  tellUnreadable: UnreadableTeller;
}
