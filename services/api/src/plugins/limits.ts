import { QuotaExceeded, holdersOf, limitsRequests } from '@understudy/limits';
import type { PolicyState } from '@understudy/limits';
import type { FastifyReply } from 'fastify';
import { rateLimitFields } from '../answers/rate-limit-fields.ts';
import type { ApiApp, ApiParts } from '../api-parts.ts';

/**
 * Holds every request that makes work to the limits of its project and its key, before its body is
 * read. Costs one round trip, and none where nothing is limited.
 */
export function addLimits(app: ApiApp, { dispatch, limits }: ApiParts): void {
  app.addHook('onRequest', async ({ route, caller }, reply) => {
    if (route.config.makesWork !== true) return;
    const holders = holdersOf(caller, dispatch.views().settings.projects);
    if (!holders.some(limitsRequests)) return;
    const now = dispatch.clock.now();
    const { states, violated } = await limits.countRequest(caller.project, holders, now);
    tellPolicies(
      reply,
      states.filter((state) => !violated.includes(state)),
    );
    if (violated.length > 0) throw new QuotaExceeded(violated);
  });
}

/** Adds to the fields `RateLimit-Policy` and `RateLimit` of an answer. */
export function tellPolicies(reply: FastifyReply, states: readonly PolicyState[]): void {
  if (states.length === 0) return;
  for (const [name, value] of Object.entries(rateLimitFields(states))) {
    const earlier = reply.getHeader(name);
    reply.header(name, earlier === undefined ? value : `${String(earlier)}, ${value}`);
  }
}
