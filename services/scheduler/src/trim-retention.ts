import type { OpenDispatch } from '@understudy/dispatch';
import { trimIndex } from '@understudy/job-store';

/** Takes jobs out of the lists whose records have expired. */
export async function trimRetention(dispatch: OpenDispatch): Promise<void> {
  const { redis, keyPrefix, clock, views } = dispatch;
  const { retentionMs, expiresInMs } = views().settings.defaults;
  // A job may have lived its whole time before it was kept.
  await trimIndex(redis, keyPrefix, clock.now() - retentionMs - expiresInMs);
}
