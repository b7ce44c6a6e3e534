import type { FastifyRequest } from 'fastify';
import type { ApiApp } from '../api-parts.ts';
import { readJson } from '@understudy/submission';

/** Takes JSON alone, and keeps its bytes beside the value. An empty body is no body. */
export function addJsonBody(app: ApiApp, deepest: () => number): void {
  app.decorateRequest('receivedBody', undefined);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) => {
      request.receivedBody = body;
      return body.length === 0 ? undefined : readJson(body, deepest());
    },
  );
}
