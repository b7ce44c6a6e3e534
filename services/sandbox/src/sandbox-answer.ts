import type { FastifyReply } from 'fastify';
import {
  dialectAnswer,
  type AnsweredDialect,
  type DialectAnswerOptions,
} from './dialect-answer.ts';
import { inputCount, requestedModel, type RequestBody } from './request-shape.ts';
import type { VendorError } from './vendor-error.ts';

const SANDBOX_MARK = '[sandbox]';

/** A short answer that nobody takes for a model's. */
function sandboxText(model: string, inputs: number): string {
  return `${SANDBOX_MARK} No model was asked. ${model} would have answered ${inputs} input message${inputs === 1 ? '' : 's'} here.`;
}

/** The sandbox's good answer, in the dialect of the request. */
export function sandboxAnswer(
  dialect: AnsweredDialect,
  body: RequestBody,
  options: Partial<Pick<DialectAnswerOptions, 'model' | 'messageIdPrefix'>> = {},
) {
  const model = options.model ?? requestedModel(body);
  return dialectAnswer(dialect, body, {
    text: sandboxText(model, inputCount(body)),
    now: new Date(),
    ...options,
    model,
  });
}

export function sendVendorError(reply: FastifyReply, error: VendorError): FastifyReply {
  return reply
    .code(error.status)
    .headers(error.headers ?? {})
    .send(error.body);
}
