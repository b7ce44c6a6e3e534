import type { Metrics } from '@understudy/metrics';
import type { ApiApp } from '../api-parts.ts';

/** Of a path that leads nowhere, which callers may choose freely. */
const NO_ROUTE = 'none';

/** Measures every request by its route's pattern, and counts refusals by their code. */
export function addRequestMetrics(app: ApiApp, metrics: Metrics | undefined): void {
  if (metrics === undefined) return;
  app.addHook('onResponse', (request, reply, next) => {
    const { method, refusedWith } = request;
    const route = request.is404 ? NO_ROUTE : (request.route.url ?? NO_ROUTE);
    const status = `${Math.floor(reply.statusCode / 100)}xx`;
    metrics.requestDuration.observe({ method, route, status }, reply.elapsedTime / 1000);
    if (refusedWith !== undefined) metrics.requestsRefused.inc({ code: refusedWith });
    next();
  });
}
