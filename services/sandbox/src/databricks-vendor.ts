import type { FastifyInstance } from 'fastify';
import {
  databricksEndpoints,
  endpointNotFound,
  type DatabricksSurface,
} from './databricks-endpoint.ts';
import type { AnsweredDialect } from './dialect-answer.ts';
import { requestBody, requestedModel } from './request-shape.ts';
import { sandboxAnswer, sendVendorError } from './sandbox-answer.ts';
import { vendorId } from './vendor-id.ts';

const PATHS: readonly (readonly [string, DatabricksSurface, AnsweredDialect])[] = [
  ['/ai-gateway/anthropic/v1/messages', 'gateway', 'messages'],
  ['/ai-gateway/openai/v1/responses', 'gateway', 'responses'],
  ['/ai-gateway/mlflow/v1/chat/completions', 'gateway', 'chat-completions'],
  ['/ai-gateway/mlflow/v1/embeddings', 'gateway', 'embeddings'],
  ['/serving-endpoints/anthropic/v1/messages', 'serving', 'messages'],
  ['/serving-endpoints/responses', 'serving', 'responses'],
  ['/serving-endpoints/chat/completions', 'serving', 'chat-completions'],
  ['/serving-endpoints/embeddings', 'serving', 'embeddings'],
];

/** A Databricks-like workspace host with its gateway and its serving endpoints. */
export function databricksVendor(app: FastifyInstance): void {
  const endpoints = databricksEndpoints();
  for (const [path, surface, dialect] of PATHS) {
    app.post(path, (request, reply) => {
      const body = requestBody(request.body);
      const model = requestedModel(body);
      void reply.header('x-request-id', vendorId('', 32));
      const endpoint = endpoints.get(model);
      const error = endpoint ? endpoint({ surface, dialect, body }) : endpointNotFound(model);
      return error ? sendVendorError(reply, error) : sandboxAnswer(dialect, body);
    });
  }
}
