import { BrokerError } from '@understudy/contracts';
import { z } from 'zod';
import type { ApiApp, ApiParts } from '../api-parts.ts';
import { eraseJob } from '../jobs/erase-job.ts';
import { jobNotFound, jobReference } from '../jobs/send-job.ts';
import { answers } from '../schemas/answers.ts';
import { jobParametersSchema } from '../schemas/job-schemas.ts';

export function addDeleteJobRoute(app: ApiApp, parts: ApiParts): void {
  app.delete(
    '/v1/jobs/:id',
    {
      config: { scope: 'submit' },
      schema: {
        summary: 'Erases a job that has ended, with its request, its attempts and its answer',
        params: jobParametersSchema,
        response: answers({ 204: z.null().describe('Erased') }, 404, 409),
      },
    },
    async (request, reply) => {
      const job = jobReference(request.project, request.params.id);
      const erasure = await eraseJob(parts, job);
      if (erasure === 'missing') throw jobNotFound();
      if (erasure === 'running') {
        throw new BrokerError(
          'conflict',
          `the job has not ended, or is a line of a batch whose file does not have its answer yet; ` +
            `wait, or cancel it first: POST /v1/jobs/${job.id}/cancel`,
        );
      }
      return reply.code(204).send();
    },
  );
}
