import { subscribePatiently } from '@understudy/runtime';
import type { Subscriber } from '@understudy/runtime';
import { listsChannel } from './list-keys.ts';

/**
 * Calls back with the project whenever its lists have changed: a job was accepted, moved on or
 * ended, and stands in them by now. Messages missed while Redis was away are lost.
 */
export function subscribeToLists(
  subscriber: Subscriber,
  prefix: string,
  onChanged: (project: string) => void,
): void {
  const changed = listsChannel(prefix);
  subscriber.on('message', (channel, project) => {
    if (channel === changed) onChanged(project);
  });
  void subscribePatiently(subscriber, changed);
}
