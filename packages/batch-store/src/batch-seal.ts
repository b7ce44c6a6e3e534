import { batchRequestSchema } from '@understudy/contracts';
import type { BatchRequest } from '@understudy/contracts';
import { createSealedMembers, isSealedText } from '@understudy/sealing';
import type { Sealer } from '@understudy/sealing';

/**
 * Where of a batch something stands that is encrypted: metadata and callback, what is wrong with its
 * input, and why a line became no job. The last two may repeat what the caller wrote.
 */
export function batchPlaces(recordKey: string) {
  return {
    request: `${recordKey}#request`,
    secret: `${recordKey}#callback`,
    problems: `${recordKey}#problems`,
    rejection: (line: number) => `${recordKey}#rejected-${line}`,
  };
}

/** What its caller wrote about a batch: it may name people, or open doors. */
const CALLERS_OWN = ['metadata', 'callback'];

export function batchRequestText(request: BatchRequest, sealer: Sealer, recordKey: string): string {
  const members = createSealedMembers(sealer, CALLERS_OWN);
  return JSON.stringify(members.seal(request, batchPlaces(recordKey).request));
}

export function parseBatchRequest(text: string, sealer: Sealer, recordKey: string): BatchRequest {
  const places = batchPlaces(recordKey);
  const kept = createSealedMembers(sealer, CALLERS_OWN).open(JSON.parse(text), places.request);
  const request = batchRequestSchema.parse(kept);
  const { callback } = request;
  // As records from before held it.
  if (callback?.secret === undefined || !isSealedText(callback.secret)) return request;
  const secret = sealer.openText(callback.secret, places.secret);
  return { ...request, callback: { ...callback, secret } };
}
