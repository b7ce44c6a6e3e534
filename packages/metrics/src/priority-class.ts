import type { Priority } from '@understudy/contracts';

/** The ten priorities in the words of the API: 2 is `high`, 5 `normal`, 8 `low`. */
export const PRIORITY_CLASSES = ['high', 'normal', 'low'] as const;
export type PriorityClass = (typeof PRIORITY_CLASSES)[number];

export function priorityClass(priority: Priority): PriorityClass {
  if (priority <= 3) return 'high';
  return priority <= 6 ? 'normal' : 'low';
}
