import { isObject, parseExactJson } from '@understudy/provider';
import type { JsonObject } from '@understudy/provider';
import { answerChunks } from './chat-completions/answer-chunks.ts';
import { messageEvents } from './messages/message-events.ts';
import { responseEvents } from './responses/response-events.ts';
import { DONE_FRAME, dataFrame, typedFrame } from './write-frame.ts';

/** The dialects in which an answer can be asked for as a stream. */
export type StreamedDialect = 'chat-completions' | 'responses' | 'messages';

export interface StreamOptions {
  /** `stream_options.include_usage` of chat completions; the other dialects always tell it. */
  includeUsage: boolean;
}

/**
 * A finished answer as the stream that its vendor would have sent: whole frames of server-sent
 * events, made one by one. Put together by the vendor's SDK they give the answer again; what a
 * stream of the dialect has no pieces for comes whole. Numbers stay as the answer writes them.
 * @throws SyntaxError when the answer is no JSON object
 */
export function* streamAnswer(
  dialect: StreamedDialect,
  answer: Buffer,
  options: StreamOptions,
): Generator<string> {
  const parsed = parseExactJson(answer.toString('utf8'));
  if (!isObject(parsed)) throw new SyntaxError(`an answer of ${dialect} is a JSON object`);
  yield* FRAMES[dialect](parsed, options);
}

const FRAMES: Readonly<
  Record<StreamedDialect, (answer: JsonObject, options: StreamOptions) => Iterable<string>>
> = {
  'chat-completions': function* chatCompletions(answer, { includeUsage }) {
    for (const chunk of answerChunks(answer, includeUsage)) yield dataFrame(chunk);
    yield DONE_FRAME;
  },
  responses: function* responses(answer) {
    for (const event of responseEvents(answer)) yield typedFrame(event);
  },
  messages: function* messages(answer) {
    for (const event of messageEvents(answer)) yield typedFrame(event);
  },
};
