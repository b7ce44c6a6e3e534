import type { FastifyRequest } from 'fastify';
import type { ApiApp } from '../api-parts.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The `routeOptions`, which Fastify puts together anew each time that it is asked for them. */
    route: FastifyRequest['routeOptions'];
  }
}

/** Asks once for the route that a request takes, for a dozen who look at it. To be added before them. */
export function addKnownRoute(app: ApiApp): void {
  app.decorateRequest('route');
  app.addHook('onRequest', (request: FastifyRequest, _reply, next) => {
    request.route = request.routeOptions;
    next();
  });
}
