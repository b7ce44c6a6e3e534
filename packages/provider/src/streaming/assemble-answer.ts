import type { Dialect } from '@understudy/contracts';
import type { JsonObject } from '../dialects/json-reading.ts';
import { assembleConverse } from './assemble-converse.ts';
import { assembleMessage } from './assemble-message.ts';
import { readAwsEventStream } from './read-aws-event-stream.ts';
import { readServerSentEvents } from './read-server-sent-events.ts';
import type { StreamEvents, StreamFault, StreamFormat } from './stream-events.ts';

export type AssembledAnswer = { ok: true; body: Buffer } | { ok: false; fault: StreamFault };

const READERS: Readonly<Record<StreamFormat, (body: Buffer) => StreamEvents>> = {
  'server-sent-events': readServerSentEvents,
  'aws-event-stream': readAwsEventStream,
};

type Assembler = (
  events: readonly JsonObject[],
) => { ok: true; answer: JsonObject } | { ok: false; fault: StreamFault };

const ASSEMBLERS: Partial<Readonly<Record<Dialect, Assembler>>> = {
  messages: assembleMessage,
  converse: assembleConverse,
};

/**
 * Puts a streamed answer together to the whole answer that the dialect has without streaming, as
 * JSON with every number as the provider wrote it. A stream that reports an error becomes that
 * error alone, with a member `error`, for `evaluateAnswer` to judge like one inside a 200. What is
 * JSON already, from a provider that answered at once all the same, passes on as it is, and what
 * follows a finished answer is not looked at.
 *
 * Work and memory grow with the body, which `callProvider` bounds: pieces are joined once, and an
 * answer is never longer than its stream but for a constant.
 * @param body everything that came with a success status
 * @throws Error for a dialect that is never streamed
 */
export function assembleAnswer(
  format: StreamFormat,
  dialect: Dialect,
  body: Buffer,
): AssembledAnswer {
  const assemble = ASSEMBLERS[dialect];
  if (assemble === undefined) throw new Error(`Answers in ${dialect} are not streamed.`);
  if (isWholeJson(body)) return { ok: true, body };
  const { events, brokenBy } = READERS[format](body);
  const assembled = assemble(events);
  if (assembled.ok) return { ok: true, body: asJson(assembled.answer) };
  // Without a break it ended before its time, or its events contradict one another.
  if (brokenBy === undefined || assembled.fault === 'invalid_answer') return assembled;
  return 'error' in brokenBy
    ? { ok: true, body: asJson(brokenBy.error) }
    : { ok: false, fault: brokenBy.fault };
}

// Neither format can begin so: SSE begins with a field's name, a frame with its length, which
// would be 1.5 GB and more.
function isWholeJson(body: Buffer): boolean {
  return /^\s*[[{]/.test(body.toString('latin1', 0, 64));
}

function asJson(value: JsonObject): Buffer {
  return Buffer.from(JSON.stringify(value));
}
