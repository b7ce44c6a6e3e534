import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { PreparedRequest } from './sdk-codec.ts';

/** The options with as many stop sequences as the dialect takes: a call with more is refused. */
export function withFewStops(options: LanguageModelV4CallOptions, most: number): PreparedRequest {
  const { stopSequences } = options;
  if (stopSequences === undefined || stopSequences.length <= most) return { options, losses: [] };
  const message = `is carried up to the first ${most}: the dialect takes no more`;
  return {
    options: { ...options, stopSequences: stopSequences.slice(0, most) },
    losses: [{ field: 'stopSequences', message }],
  };
}
