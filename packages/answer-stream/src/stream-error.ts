import type { StreamedDialect } from './stream-answer.ts';
import { dataFrame, typedFrame } from './write-frame.ts';

/** Why there is no answer, when the head of the stream is out already. */
export interface StreamFailure {
  /** The HTTP status that the answer would have had. */
  status: number;
  message: string;
  /** The vendor's family of errors: `rate_limit_error`. */
  type: string;
  code?: string | null | undefined;
  requestId?: string | undefined;
}

/** A failure as the last event of a stream, in the shape in which the vendor's SDK throws it. */
export function* streamError(dialect: StreamedDialect, failure: StreamFailure): Generator<string> {
  yield FRAMES[dialect](failure);
}

const FRAMES: Readonly<Record<StreamedDialect, (failure: StreamFailure) => string>> = {
  'chat-completions': (failure) => dataFrame({ error: openAiError(failure) }),
  // The published event is flat, OpenAI's service nests the error, and SDKs look for either.
  responses: (failure) => {
    const error = openAiError(failure);
    const { code, message, param } = error;
    return typedFrame({ type: 'error', code, message, param, sequence_number: 0, error });
  },
  messages: ({ type, message, requestId }) =>
    typedFrame({ type: 'error', error: { type, message }, request_id: requestId ?? null }),
};

function openAiError({ status, message, type, code }: StreamFailure) {
  return { message, type, param: null, code: code ?? String(status) };
}
