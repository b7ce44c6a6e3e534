import type { Loss } from '../loss.ts';
import type { Extra } from '../neutral-request.ts';

/** The loss of a value, if there is one. */
export function optionLoss(option: Extra<unknown> | undefined, message: string): Loss[] {
  return option === undefined ? [] : [{ field: option.field, message }];
}
