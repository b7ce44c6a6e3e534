import type { Logger } from '@understudy/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiApp } from '../api-parts.ts';
import { isAnthropicPath } from '../requests/surfaces.ts';

/**
 * Names every answer by an id of our own making, and logs one line about it: the route's pattern,
 * never the path, the query, a header or a body.
 */
export function addRequestTrace(app: ApiApp, logger: Logger): void {
  app.addHook('onRequest', (request, reply, next) => {
    nameAnswer(request, reply);
    next();
  });
  if (!logger.isLevelEnabled('debug')) return;
  app.addHook('onResponse', (request, reply, next) => {
    logger.debug(
      {
        requestId: request.id,
        method: request.method,
        route: request.route.url,
        status: reply.statusCode,
        durationMs: Math.round(reply.elapsedTime),
      },
      'request answered',
    );
    next();
  });
}

/** Anthropic's SDKs read the name from a header of their own. */
export function nameAnswer(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('x-request-id', request.id);
  if (isAnthropicPath(request.url)) reply.header('request-id', request.id);
}
