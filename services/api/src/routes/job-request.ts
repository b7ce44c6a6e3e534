import { BrokerError } from '@understudy/contracts';
import { z } from 'zod';
import type { ApiApp, ApiParts } from '../api-parts.ts';
import { jobNotFound, jobReference } from '../jobs/send-job.ts';
import { answers } from '../schemas/answers.ts';
import { jobParametersSchema } from '../schemas/job-schemas.ts';

/** What a job was asked with. */
export function addJobRequestRoute(app: ApiApp, { dispatch }: ApiParts): void {
  const { store } = dispatch;
  app.get(
    '/v1/jobs/:id/request',
    {
      config: { scope: 'read', content: true },
      schema: {
        summary: "The vendor's request of a job, byte for byte as it came",
        params: jobParametersSchema,
        response: answers({ 200: z.unknown() }, 404, 410),
      },
    },
    async (request, reply) => {
      const job = jobReference(request.project, request.params.id);
      const [[record], bytes] = await Promise.all([
        store.readRecords([job]),
        store.readRequestBody(job),
      ]);
      if (record === undefined) throw jobNotFound();
      if (bytes === undefined) {
        throw new BrokerError('gone', 'the request of this job is no longer kept');
      }
      return reply.type('application/json; charset=utf-8').send(bytes);
    },
  );
}
