import type { IncomingMessage } from 'node:http';
import { readJson } from '@understudy/submission';
import type { JsonLimits } from '@understudy/configuration';
import type { FastifyRequest } from 'fastify';
import type { ApiApp } from '../api-parts.ts';
import { bodyReader } from './read-body.ts';
import type { BodyPace } from './read-body.ts';

/** 64 kbit/s, a hundredth of what a telephone has. */
const PACE: BodyPace = { graceMs: 20_000, bytesPerSecond: 8000 };

/** Takes JSON alone, and keeps its bytes beside the value. An empty body is no body. */
export function addJsonBody(app: ApiApp, limits: () => JsonLimits): void {
  const readBody = bodyReader(PACE);
  app.decorateRequest('receivedBody', undefined);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    async (request: FastifyRequest, payload: IncomingMessage) => {
      const received = await readBody(payload, {
        mostBytes: request.route.bodyLimit,
        statedBytes: Number(request.headers['content-length']),
      });
      request.receivedBody = received;
      return received.length === 0 ? undefined : readJson(received, limits());
    },
  );
}
