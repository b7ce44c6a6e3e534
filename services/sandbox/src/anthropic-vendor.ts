import type { FastifyInstance } from 'fastify';
import { requestBody } from './request-shape.ts';
import { sandboxAnswer, sendVendorError } from './sandbox-answer.ts';
import { anthropicError } from './vendor-error.ts';
import { vendorId } from './vendor-id.ts';

/** An Anthropic-like vendor; as there, the version header and `max_tokens` are mandatory. */
export function anthropicVendor(app: FastifyInstance): void {
  app.post('/v1/messages', (request, reply) => {
    const body = requestBody(request.body);
    const missing =
      request.headers['anthropic-version'] === undefined
        ? 'anthropic-version: header is required'
        : ['model', 'max_tokens', 'messages']
            .filter((member) => body[member] === undefined)
            .map((member) => `${member}: Field required`)[0];
    if (missing !== undefined) {
      return sendVendorError(reply, anthropicError(400, 'invalid_request_error', missing));
    }
    void reply.header('request-id', vendorId('req_01', 22));
    return sandboxAnswer('messages', body);
  });
}
