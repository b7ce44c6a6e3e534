import type { FastifyInstance } from 'fastify';
import type { AnsweredDialect } from './dialect-answer.ts';
import { requestBody, requestedModel, type RequestBody } from './request-shape.ts';
import { sandboxAnswer, sendVendorError } from './sandbox-answer.ts';
import { openaiError, type VendorError } from './vendor-error.ts';
import { vendorId } from './vendor-id.ts';

const DIALECT_BY_PATH: Readonly<Record<string, AnsweredDialect>> = {
  '/chat/completions': 'chat-completions',
  '/responses': 'responses',
  '/embeddings': 'embeddings',
};

/** An OpenAI-like vendor whose every call a story may refuse first. */
export function openaiVendor(
  options: { refuse?: (model: string) => VendorError | undefined } = {},
) {
  return (app: FastifyInstance): void => {
    for (const [path, dialect] of Object.entries(DIALECT_BY_PATH)) {
      app.post(path, (request, reply) => {
        const body = requestBody(request.body);
        void reply.header('x-request-id', vendorId('req_', 32));
        const error = options.refuse?.(requestedModel(body)) ?? missingInput(dialect, body);
        return error ? sendVendorError(reply, error) : sandboxAnswer(dialect, body);
      });
    }
  };
}

function missingInput(dialect: AnsweredDialect, body: RequestBody): VendorError | undefined {
  const member = dialect === 'chat-completions' ? 'messages' : 'input';
  if (body[member] !== undefined) return undefined;
  return openaiError(
    400,
    'invalid_request_error',
    'missing_required_parameter',
    `Missing required parameter: '${member}'.`,
  );
}
