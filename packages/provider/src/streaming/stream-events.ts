import type { JsonObject } from '../dialects/json-reading.ts';

/** The format in which a provider sends an answer piece by piece. */
export type StreamFormat = 'server-sent-events' | 'aws-event-stream';

/** Why a stream is no answer: it broke off, or what came is no stream of its format. */
export type StreamFault = 'truncated_answer' | 'invalid_answer';

/** What broke a stream off: an error that it reports, in a member `error`, or a fault in it. */
export type StreamBreak = { error: JsonObject } | { fault: StreamFault };

/** The events of a stream in their order, as far as they could be read. */
export interface StreamEvents {
  events: JsonObject[];
  brokenBy?: StreamBreak;
}
