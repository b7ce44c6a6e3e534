import { BrokerError } from '@understudy/contracts';
import { z } from 'zod';
import type { ApiApp, ApiParts } from '../api-parts.ts';
import { answers } from '../schemas/answers.ts';

export function addMetricsRoute(app: ApiApp, { metrics }: Pick<ApiParts, 'metrics'>): void {
  app.get(
    '/metrics',
    {
      config: { scope: 'admin', metricsToken: true },
      schema: {
        summary: 'What the API measures, as Prometheus reads it; for an admin key or metrics.token',
        response: answers({ 200: z.string() }, 403, 404),
      },
    },
    async (_request, reply) => {
      if (metrics === undefined) {
        throw new BrokerError('not_found', 'metrics are off: metrics.enabled is false');
      }
      const text = await metrics.text();
      return reply
        .type(metrics.contentType)
        .serializer((body: string) => body)
        .send(text);
    },
  );
}
