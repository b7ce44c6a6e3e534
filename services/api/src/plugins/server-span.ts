import { isTracing, startEntrySpan } from '@understudy/tracing';
import type { TraceSpan } from '@understudy/tracing';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiApp } from '../api-parts.ts';
import { callersTrace } from '../requests/trace-context.ts';

/**
 * Tells of each request that makes work, from its beginning to the end of its answer. The request goes
 * on under this span, as behind any hop that takes part in a trace: its `traceparent` is
 * replaced, and its `tracestate` goes where the caller's trace ends.
 * To be added behind the authentication, so that nobody unknown makes spans.
 */
export function addServerSpans(app: ApiApp): void {
  app.addHook('onRequest', (request, reply, next) => {
    if (request.route.config.makesWork === true && isTracing()) {
      goOnUnderSpan(request, reply);
    }
    next();
  });
}

function goOnUnderSpan(request: FastifyRequest, reply: FastifyReply): void {
  const span = startServerSpan(request, reply);
  if (span === undefined) return;
  request.headers['traceparent'] = span.traceparent;
  if (span.tracestate === undefined) delete request.headers['tracestate'];
  // Comes also where the caller went away before its answer.
  reply.raw.once('close', () => endServerSpan(span, reply));
}

function startServerSpan(request: FastifyRequest, reply: FastifyReply): TraceSpan | undefined {
  const { url: route = '' } = request.route;
  return startEntrySpan(`${request.method} ${route}`, callersTrace(request.headers), {
    kind: 'server',
    startedAt: Date.now() - reply.elapsedTime,
    attributes: {
      'http.request.method': request.method,
      'http.route': route,
      'understudy.project': request.project,
    },
  });
}

function endServerSpan(span: TraceSpan, { statusCode, raw }: FastifyReply): void {
  if (raw.headersSent) span.set({ 'http.response.status_code': statusCode });
  if (statusCode >= 500) span.fail(String(statusCode));
  span.end();
}
