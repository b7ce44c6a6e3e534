import { randomUUID } from 'node:crypto';
import Fastify from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { ApiApp, ApiParts } from './api-parts.ts';
import { addJsonBody } from './bodies/json-body.ts';
import { addUnreadBody } from './bodies/unread-body.ts';
import { addAuthentication } from './plugins/authentication.ts';
import { addBasicCredential } from './plugins/basic-credential.ts';
import { addBrowserDefence } from './plugins/browser-defence.ts';
import { addConnectionLimit } from './plugins/connection-limit.ts';
import { addDrain } from './plugins/drain.ts';
import { addKnownRoute } from './plugins/known-route.ts';
import { addLimits } from './plugins/limits.ts';
import { addMetricsToken } from './plugins/metrics-token.ts';
import { addNotFound } from './plugins/not-found.ts';
import { addOpenApi } from './plugins/openapi.ts';
import {
  addProblemDetails,
  answerBrokenConnection,
  sendProblem,
} from './plugins/problem-details.ts';
import { addRequestMetrics } from './plugins/request-metrics.ts';
import { addRequestForm } from './plugins/request-form.ts';
import { addRequestTrace, nameAnswer } from './plugins/request-trace.ts';
import { validateRequest } from './requests/validate-request.ts';
import { addServerSpans } from './plugins/server-span.ts';
import { addAnthropicModelRoutes } from './routes/anthropic-models.ts';
import { addCallRoutes } from './routes/calls.ts';
import { addAdminKeyRoutes } from './routes/admin-keys.ts';
import { addAdminProjectRoutes } from './routes/admin-projects.ts';
import { addBullBoard } from './routes/bull-board.ts';
import { addConsoleRoutes } from './routes/console.ts';
import { addDeleteJobRoute } from './routes/delete-job.ts';
import { addResponseRoutes } from './responses/response-routes.ts';
import { addBatchRoutes } from './routes/batches.ts';
import { addBulkJobRoutes } from './routes/bulk-jobs.ts';
import { addEventRoutes } from './routes/events.ts';
import { addFileRoutes } from './routes/files.ts';
import { addHealthRoutes } from './routes/health.ts';
import { addJobFacetsRoute } from './routes/job-facets.ts';
import { addJobRequestRoute } from './routes/job-request.ts';
import { addJobRoutes } from './routes/jobs.ts';
import { addLimitsRoute } from './routes/limits.ts';
import { addMessageBatchRoutes } from './routes/message-batches.ts';
import { addMetricsRoute } from './routes/metrics.ts';
import { addModelRoutes } from './routes/models.ts';
import { addOwnKeyRoute } from './routes/own-key.ts';
import { addProviderRoutes } from './routes/providers.ts';
import { addRetryJobRoute } from './routes/retry-job.ts';
import { addRouteRoutes } from './routes/routes.ts';
import { addStatisticsRoute } from './routes/statistics.ts';
import { addSubmitRoute } from './routes/submit-job.ts';
import { addWebhookRoutes } from './routes/webhooks.ts';

const HEADERS_TIMEOUT_MS = 10_000;
/** Headers and body together: 200 MB over 2 Mbit/s. A line that stalls is cut sooner, as idle. */
const REQUEST_TIMEOUT_MS = 900_000;
/** How often connections that are too slow are looked for. */
const SLOW_CHECK_INTERVAL_MS = 2000;
/** Without a byte either way; above the longest long-poll. */
const IDLE_TIMEOUT_MS = 75_000;
const KEEP_ALIVE_MS = 65_000;
/** Room for a model name in a path, every character of it encoded. */
const LONGEST_PARAMETER = 1000;

function newRequestId(): string {
  return `req_${randomUUID()}`;
}

/** The whole HTTP surface over parts that are handed in; does not listen. */
export async function buildApp(parts: ApiParts): Promise<ApiApp> {
  const { dispatch } = parts;
  const { logger } = dispatch;
  const limits = () => dispatch.views().settings.limits;

  const app = Fastify({
    bodyLimit: limits().bodyBytes,
    genReqId: newRequestId,
    http: {
      headersTimeout: HEADERS_TIMEOUT_MS,
      connectionsCheckingInterval: SLOW_CHECK_INTERVAL_MS,
    },
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: IDLE_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // Its answer is of no shape that our callers know; the drain gives one.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: LONGEST_PARAMETER },
    trustProxy: false,
    frameworkErrors: (error, request, reply) => {
      nameAnswer(request, reply);
      sendProblem(error, request, reply, logger);
    },
    clientErrorHandler: (error, socket) => answerBrokenConnection(error, socket, newRequestId()),
  }).withTypeProvider<ZodTypeProvider>();

  app.setValidatorCompiler(validateRequest);
  // Answers are made to their schemas' types; checking each again would cost a copy of it.
  app.setSerializerCompiler(() => (answer) => JSON.stringify(answer));

  addKnownRoute(app);
  addRequestTrace(app, logger);
  addDrain(app, [parts.longPolls, parts.openStreams]);
  addRequestMetrics(app, parts.metrics);
  addProblemDetails(app, logger);
  addConnectionLimit(app, {
    most: dispatch.views().settings.server.maxConnections,
    monotonic: () => dispatch.clock.monotonic(),
    logger,
  });
  await addBrowserDefence(app, dispatch.views().settings.cors.origins);
  addBasicCredential(app);
  addMetricsToken(app, dispatch.views().settings.metrics.token);
  addAuthentication(app, parts);
  addServerSpans(app);
  addLimits(app, parts);
  addRequestForm(app);
  addJsonBody(app, limits);
  addUnreadBody(app);
  addNotFound(app);
  await addOpenApi(app);
  await addConsoleRoutes(app);

  addSubmitRoute(app, parts);
  addJobRoutes(app, parts);
  addJobFacetsRoute(app, parts);
  addJobRequestRoute(app, parts);
  addBulkJobRoutes(app, parts);
  addOwnKeyRoute(app);
  addDeleteJobRoute(app, parts);
  addRetryJobRoute(app, parts);
  addAdminProjectRoutes(app, parts);
  addAdminKeyRoutes(app, parts);
  addLimitsRoute(app, parts);
  addBullBoard(app, parts);
  addEventRoutes(app, parts);
  addRouteRoutes(app, parts);
  addProviderRoutes(app, parts);
  addStatisticsRoute(app, parts);
  addCallRoutes(app, parts);
  addResponseRoutes(app, parts);
  addModelRoutes(app, parts);
  addAnthropicModelRoutes(app, parts);
  addWebhookRoutes(app, parts);
  addHealthRoutes(app, parts);
  addMetricsRoute(app, parts);
  addFileRoutes(app, parts);
  addBatchRoutes(app, parts);
  addMessageBatchRoutes(app, parts);

  return app;
}
