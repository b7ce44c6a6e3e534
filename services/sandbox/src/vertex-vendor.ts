import type { FastifyInstance } from 'fastify';
import { requestBody } from './request-shape.ts';
import { sandboxAnswer, sendVendorError } from './sandbox-answer.ts';
import { vertexError, type VendorError } from './vendor-error.ts';

/** The publisher models that exist; `claude-sonnet-4-0` is Anthropic's alias and unknown here. */
const PUBLISHER_MODELS: ReadonlySet<string> = new Set([
  'claude-sonnet-4@20250514',
  'claude-opus-4-6',
  'claude-opus-4-7',
]);

interface ModelPath {
  project: string;
  location: string;
  /** Model and verb, for example `claude-sonnet-4@20250514:rawPredict`. */
  call: string;
}

/** Claude at a Vertex-like vendor: the model stands in the URL alone. The story "model names". */
export function vertexVendor(app: FastifyInstance): void {
  app.post<{ Params: ModelPath }>(
    '/v1/projects/:project/locations/:location/publishers/anthropic/models/:call',
    (request, reply) => {
      const { call } = request.params;
      const verbAt = call.lastIndexOf(':');
      const model = verbAt === -1 ? call : call.slice(0, verbAt);
      const body = requestBody(request.body);
      const error = refusal(request.params, model, body['anthropic_version']);
      if (error) return sendVendorError(reply, error);
      return sandboxAnswer('messages', body, {
        model: model.replace('@', '-'),
        messageIdPrefix: 'msg_vrtx_',
      });
    },
  );
}

function refusal(path: ModelPath, model: string, version: unknown): VendorError | undefined {
  if (!path.call.endsWith(':rawPredict')) {
    return vertexError(404, 'NOT_FOUND', `The method ${path.call} is not found.`);
  }
  if (!PUBLISHER_MODELS.has(model)) {
    const name = `projects/${path.project}/locations/${path.location}/publishers/anthropic/models/${model}`;
    return vertexError(
      404,
      'NOT_FOUND',
      `Publisher Model \`${name}\` was not found or your project does not have access to it. Please ensure you are using a valid model version.`,
    );
  }
  if (typeof version !== 'string') {
    return vertexError(400, 'INVALID_ARGUMENT', 'anthropic_version: Field required');
  }
  return undefined;
}
