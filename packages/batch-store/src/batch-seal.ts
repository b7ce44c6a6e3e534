import type { BatchRequest } from '@understudy/contracts';

/**
 * Where of a batch something stands that is encrypted: the secret of its callback, what is wrong
 * with its input, and why a line became no job. The last two may repeat what the caller wrote.
 */
export function batchPlaces(recordKey: string) {
  return {
    secret: `${recordKey}#callback`,
    problems: `${recordKey}#problems`,
    rejection: (line: number) => `${recordKey}#rejected-${line}`,
  };
}

/** @param change seals or opens a text in its place */
export function changeSecret(
  request: BatchRequest,
  recordKey: string,
  change: (text: string, place: string) => string,
): BatchRequest {
  const { callback } = request;
  if (callback?.secret === undefined) return request;
  const secret = change(callback.secret, batchPlaces(recordKey).secret);
  return { ...request, callback: { ...callback, secret } };
}
