import type { IncomingMessage } from 'node:http';
import { readJson } from '@understudy/submission';
import type { JsonLimits } from '@understudy/submission';
import type { FastifyRequest } from 'fastify';
import type { ApiApp } from '../api-parts.ts';
import { readBody } from '../read-body.ts';
import type { BodyPace } from '../read-body.ts';

/** 64 kbit/s, a hundredth of what a telephone has. */
const PACE: BodyPace = { graceMs: 20_000, bytesPerSecond: 8000 };

/** Takes JSON alone, and keeps its bytes beside the value. An empty body is no body. */
export function addJsonBody(app: ApiApp, limits: () => JsonLimits): void {
  app.decorateRequest('receivedBody', undefined);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    async (request: FastifyRequest, payload: IncomingMessage) => {
      const received = await readBody(payload, {
        mostBytes: request.routeOptions.bodyLimit,
        statedBytes: Number(request.headers['content-length']),
        pace: PACE,
      });
      request.receivedBody = received;
      return received.length === 0 ? undefined : readJson(received, limits());
    },
  );
}
