import type { SharedV4ProviderOptions } from '@ai-sdk/provider';
import type { ObjectReader } from '../json-reading.ts';

/** Part of a system message, a part, a tool, or the call options. */
export interface WithProviderOptions {
  providerOptions?: SharedV4ProviderOptions;
}

/**
 * A cache marker, kept as `providerOptions.anthropic.cacheControl` where the block becomes
 * something: codecs for Claude put it back. It is not told as a loss here: a codec that does not
 * carry markers tells one loss for all of them, with the field `cacheControl`.
 */
export function cacheMarkerOf(block: ObjectReader): WithProviderOptions {
  const marker = block.object('cache_control');
  if (marker === undefined) return {};
  const type = marker.required('type', marker.text('type'));
  const ttl = marker.text('ttl');
  return {
    providerOptions: {
      anthropic: { cacheControl: { type, ...(ttl !== undefined && { ttl }) } },
    },
  };
}
