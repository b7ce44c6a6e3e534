import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { PreparedRequest } from './sdk-codec.ts';

/**
 * The options with as many stop sequences as are taken: a call with more is refused.
 * @param most undefined where no limit is known
 */
export function withFewStops(
  options: LanguageModelV4CallOptions,
  most: number | undefined,
): PreparedRequest {
  const { stopSequences } = options;
  if (stopSequences === undefined || most === undefined || stopSequences.length <= most) {
    return { options, losses: [] };
  }
  const message = `is carried up to the first ${most}: a call with more is refused`;
  return {
    options: { ...options, stopSequences: stopSequences.slice(0, most) },
    losses: [{ field: 'stopSequences', message }],
  };
}
