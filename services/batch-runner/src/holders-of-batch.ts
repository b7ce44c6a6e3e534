import type { BatchRequest } from '@understudy/contracts';
import type { DispatchContext } from '@understudy/dispatch';
import { holdersOf } from '@understudy/limits';
import type { Holder } from '@understudy/limits';

/** Whose limits bind the lines of a batch: its project as configured now, its key as it was made. */
export function holdersOfBatch(
  { views }: Pick<DispatchContext, 'views'>,
  { project, key, key_limits: keyLimits }: BatchRequest,
): Holder[] {
  return holdersOf(
    {
      project,
      ...(key === undefined ? {} : { key }),
      ...(keyLimits === undefined ? {} : { keyLimits }),
    },
    views().settings.projects,
  );
}
