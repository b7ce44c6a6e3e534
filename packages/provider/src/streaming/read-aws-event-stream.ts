import { EventStreamCodec } from '@smithy/core/event-streams';
import { parseExactJson } from '@understudy/contracts';
import { isObject, type JsonObject, textAt } from '../dialects/json-reading.ts';
import type { StreamBreak, StreamEvents, StreamFault } from './stream-events.ts';

/** Length prefix and two checksums: no frame is shorter. */
const SMALLEST_FRAME_BYTES = 16;

/**
 * The statuses that Bedrock's exceptions have where they are answers by themselves, from the
 * `ResponseStream` of its API reference.
 */
const STATUS_BY_EXCEPTION: ReadonlyMap<string, number> = new Map([
  ['validationException', 400],
  ['modelTimeoutException', 408],
  ['modelStreamErrorException', 424],
  ['throttlingException', 429],
  ['internalServerException', 500],
  ['serviceUnavailableException', 503],
]);

const INVALID: StreamBreak = { fault: 'invalid_answer' };

const codec = new EventStreamCodec(
  (bytes) => (typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('utf8')),
  (text) => Buffer.from(text, 'utf8'),
);

/**
 * The events of an AWS event stream up to the first exception. A `chunk` holds one JSON event of
 * the model's own, in base64 under `bytes`; any other event becomes the only member of an object,
 * under its type. Checksums are verified: a damaged frame is a fault, an end within a frame a
 * truncation.
 */
export function readAwsEventStream(body: Buffer): StreamEvents {
  const events: JsonObject[] = [];
  for (let start = 0; start < body.length;) {
    const frame = frameAt(body, start);
    if (typeof frame === 'string') return { events, brokenBy: { fault: frame } };
    start += frame.length;
    const read = readFrame(frame);
    if (!('event' in read)) return { events, brokenBy: read };
    events.push(read.event);
  }
  return { events };
}

function frameAt(body: Buffer, start: number): Buffer | StreamFault {
  if (body.length - start < 4) return 'truncated_answer';
  const bytes = body.readUInt32BE(start);
  if (bytes < SMALLEST_FRAME_BYTES) return 'invalid_answer';
  return start + bytes > body.length ? 'truncated_answer' : body.subarray(start, start + bytes);
}

function readFrame(frame: Buffer): { event: JsonObject } | StreamBreak {
  try {
    const { headers, body } = codec.decode(frame);
    const header = (name: string): string => {
      const value = headers[name]?.value;
      return typeof value === 'string' ? value : '';
    };
    const type = header(':message-type');
    if (type === 'error') {
      return exception(header(':error-code'), header(':error-message'));
    }
    const payload = parseExactJson(Buffer.from(body).toString('utf8'));
    if (!isObject(payload)) return INVALID;
    if (type === 'exception') {
      return exception(header(':exception-type'), textAt(payload, 'message'));
    }
    const eventType = header(':event-type');
    if (eventType !== 'chunk') return { event: { [eventType]: payload } };
    const event = parseExactJson(
      Buffer.from(textAt(payload, 'bytes') ?? '', 'base64').toString('utf8'),
    );
    if (!isObject(event)) return INVALID;
    return isObject(event['error']) ? { error: event } : { event };
  } catch {
    return INVALID;
  }
}

/** As AWS names an error in an answer of its own (`__type`), with that answer's status. */
function exception(name: string, message: string | undefined): StreamBreak {
  const code = STATUS_BY_EXCEPTION.get(name);
  const error = { __type: name, ...(code !== undefined && { code }), message: message ?? name };
  return { error: { error } };
}
