import type { Extra, RequestExtras } from '../neutral-request.ts';
import type { ExtraName } from './extra-losses.ts';

/** Values that OpenAI's API takes; others are left out, with a loss. */
export const SERVICE_TIERS = ['auto', 'default', 'flex', 'priority', 'fast', 'ultrafast'] as const;
export const VERBOSITIES = ['low', 'medium', 'high'] as const;

export function oneOf<Value extends string>(
  values: readonly Value[],
  extra: Extra<string> | undefined,
): Value | undefined {
  return values.find((value) => value === extra?.value);
}

/** Whether OpenAI's API knows the value; true for extras without a list of values. */
export function isOpenAiValue(name: ExtraName, extras: RequestExtras): boolean {
  if (name === 'serviceTier') return oneOf(SERVICE_TIERS, extras.serviceTier) !== undefined;
  if (name === 'verbosity') return oneOf(VERBOSITIES, extras.verbosity) !== undefined;
  return true;
}
