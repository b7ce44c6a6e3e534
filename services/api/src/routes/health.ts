import type { ApiApp, ApiParts } from '../api-parts.ts';

export function addHealthRoutes(app: ApiApp, { readiness }: ApiParts): void {
  const config = { public: true };

  app.get(
    '/healthz',
    { config, schema: { summary: 'Whether the process runs', security: [] } },
    async () => ({ status: 'ok' }),
  );

  app.get(
    '/readyz',
    { config, schema: { summary: 'Whether requests can be served', security: [] } },
    async (_request, reply) => {
      const { ready, missing, degraded } = await readiness.check();
      if (!ready)
        return reply.code(503).header('retry-after', '1').send({ status: 'not_ready', missing });
      return degraded.length === 0 ? { status: 'ready' } : { status: 'degraded', degraded };
    },
  );
}
