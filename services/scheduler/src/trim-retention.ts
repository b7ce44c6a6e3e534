import type { OpenDispatch } from '@understudy/dispatch';
import { readProjects, trimEvents, trimIndex } from '@understudy/job-store';

/** Takes jobs that are kept no more out of the lists, and events that are as old out of the streams. */
export async function trimRetention(dispatch: OpenDispatch): Promise<void> {
  const { redis, keyPrefix, clock, views } = dispatch;
  const { retentionMs } = views().settings.defaults;
  await trimIndex(redis, keyPrefix, clock.now() - retentionMs);
  for (const project of await readProjects(redis, keyPrefix)) {
    await trimEvents(redis, keyPrefix, project, clock.now() - retentionMs);
  }
}
