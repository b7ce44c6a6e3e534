import cors from '@fastify/cors';
import { helmetHeaders } from '../answers/helmet-headers.ts';
import type { ApiApp } from '../api-parts.ts';

/** An answer is data: whatever makes a browser show one as a page, nothing in it runs or loads. */
const NOTHING = ["'none'"];

/** Read by scripts of pages that may call: where a job is, when to come back, what was refused. */
const EXPOSED_HEADERS = [
  'etag',
  'idempotency-replayed',
  'location',
  'ratelimit',
  'ratelimit-policy',
  'request-id',
  'retry-after',
  'x-request-id',
  'x-should-retry',
];

const PREFLIGHT_KEPT_SECONDS = 600;

/**
 * What browsers are told with every answer, refusals included: show it in no page, guess no type,
 * run nothing. No answer sets a cookie, so no page can borrow a visitor's rights, and scripts of
 * other origins read nothing unless the operator names them.
 */
export async function addBrowserDefence(app: ApiApp, origins: readonly string[]): Promise<void> {
  const headers = helmetHeaders({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': NOTHING,
        'base-uri': NOTHING,
        'form-action': NOTHING,
        'frame-ancestors': NOTHING,
      },
    },
    frameguard: { action: 'deny' },
    // For whoever ends TLS to say: this process does not know which names it is reached by.
    strictTransportSecurity: false,
    // The scripts of an origin that is let in are not of the same one.
    crossOriginResourcePolicy: { policy: origins.length > 0 ? 'cross-origin' : 'same-origin' },
    // They concern documents, which no answer is, or browsers that are gone.
    originAgentCluster: false,
    dnsPrefetchControl: false,
    ieNoOpen: false,
    permittedCrossDomainPolicies: false,
    xssFilter: false,
  });
  app.addHook('onRequest', (_request, reply, next) => {
    reply.headers(headers);
    next();
  });
  if (origins.length === 0) return;
  // Ahead of authentication: a browser's preflight brings no key.
  await app.register(cors, {
    origin: [...origins],
    methods: ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'],
    exposedHeaders: EXPOSED_HEADERS,
    maxAge: PREFLIGHT_KEPT_SECONDS,
  });
}
