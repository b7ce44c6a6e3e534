import { isMetricsToken } from '@understudy/metrics';
import type { ApiApp } from '../api-parts.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Opened by `metrics.token` as well, which opens nothing else. */
    metricsToken?: boolean;
  }
  interface FastifyRequest {
    /** The token was presented where it opens the route: no key is asked for. */
    hasMetricsToken: boolean;
  }
}

/**
 * Must come before the authentication, which passes over what the token has opened.
 * @param token nothing is opened where it is absent
 */
export function addMetricsToken(app: ApiApp, token: string | undefined): void {
  app.decorateRequest('hasMetricsToken', false);
  app.addHook('onRequest', (request, _reply, next) => {
    if (request.route.config.metricsToken === true) {
      const [, bearer] = /^bearer +(\S+)\s*$/i.exec(request.headers.authorization ?? '') ?? [];
      request.hasMetricsToken = isMetricsToken(bearer, token);
    }
    next();
  });
}
