import type { AnswerInput } from './answer-input.ts';
import { chatCompletionAnswer } from './chat-completion-answer.ts';
import { embeddingAnswer } from './embedding-answer.ts';
import { messageAnswer } from './message-answer.ts';
import { embeddingTexts, inputTokens, type RequestBody } from './request-shape.ts';
import { responseAnswer } from './response-answer.ts';

const ANSWER_BY_DIALECT = {
  'chat-completions': (_body, input) => chatCompletionAnswer(input),
  responses: (_body, input) => responseAnswer(input),
  messages: (_body, input, options) => messageAnswer(input, options.messageIdPrefix),
  embeddings: (body, { model, inputTokens: tokens }) =>
    embeddingAnswer({
      model,
      texts: embeddingTexts(body),
      inputTokens: tokens,
      encoding: body['encoding_format'] === 'base64' ? 'base64' : 'float',
    }),
} satisfies Record<
  string,
  (body: RequestBody, input: AnswerInput, options: DialectAnswerOptions) => object
>;

export type AnsweredDialect = keyof typeof ANSWER_BY_DIALECT;

export interface DialectAnswerOptions {
  /** The model echoed as the one that served. */
  model: string;
  text: string;
  now: Date;
  /** `msg_` unless the vendor has its own. */
  messageIdPrefix?: string;
}

/** A good answer to a request, in the request's own dialect. */
export function dialectAnswer(
  dialect: AnsweredDialect,
  body: RequestBody,
  options: DialectAnswerOptions,
): object {
  const input: AnswerInput = {
    model: options.model,
    text: options.text,
    inputTokens: inputTokens(body),
    createdAtSeconds: Math.floor(options.now.getTime() / 1000),
  };
  return ANSWER_BY_DIALECT[dialect](body, input, options);
}
