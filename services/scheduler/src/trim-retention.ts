import type { OpenDispatch } from '@understudy/dispatch';
import { readProjects, trimEvents, trimIndex } from '@understudy/job-store';

/** Takes jobs out of the lists whose records have expired, and their events out of the streams. */
export async function trimRetention(dispatch: OpenDispatch): Promise<void> {
  const { redis, keyPrefix, clock, views } = dispatch;
  const { retentionMs, expiresInMs } = views().settings.defaults;
  // A job may have lived its whole time before it was kept.
  await trimIndex(redis, keyPrefix, clock.now() - retentionMs - expiresInMs);
  for (const project of await readProjects(redis, keyPrefix)) {
    await trimEvents(redis, keyPrefix, project, clock.now() - retentionMs);
  }
}
