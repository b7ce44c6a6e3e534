import { EventStreamCodec } from '@smithy/core/event-streams';

const codec = new EventStreamCodec(
  (bytes) => (typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('utf8')),
  (text) => Buffer.from(text),
);

/** One message of an AWS event stream, as AWS frames it: prelude, headers, payload, checksums. */
export function awsFrame(headers: Readonly<Record<string, string>>, payload: unknown): Uint8Array {
  const typed = Object.entries(headers).map(
    ([name, value]) => [name, { type: 'string', value }] as const,
  );
  return codec.encode({
    headers: Object.fromEntries(typed),
    body: Buffer.from(JSON.stringify(payload)),
  });
}

/** An event of a type, such as `chunk` or `contentBlockDelta`. */
export function awsEvent(type: string, payload: object): Uint8Array {
  const headers = { ':event-type': type, ':content-type': 'application/json' };
  return awsFrame({ ...headers, ':message-type': 'event' }, { ...payload, p: 'abcdefghij' });
}

/** One of a model's own events, as `InvokeModelWithResponseStream` carries it. */
export function awsChunk(event: string): Uint8Array {
  return awsEvent('chunk', { bytes: Buffer.from(event).toString('base64') });
}
