import type { ApiApp, ApiParts } from '../api-parts.ts';
import { retryJob } from '../jobs/retry-job.ts';
import { POLL_AFTER_SECONDS, jobReference, sendJob } from '../jobs/send-job.ts';
import { answers } from '../schemas/answers.ts';
import { jobParametersSchema, jobSchema } from '../schemas/job-schemas.ts';

export function addRetryJobRoute(app: ApiApp, parts: ApiParts): void {
  const { store } = parts.dispatch;
  app.post(
    '/v1/jobs/:id/retry',
    {
      config: { scope: 'submit', makesWork: true },
      schema: {
        summary: 'Makes a new job that asks for the same as one that has ended',
        params: jobParametersSchema,
        response: answers({ 202: jobSchema }, 400, 403, 404, 409, 410, 422, 429),
      },
    },
    async (request, reply) => {
      const old = jobReference(request.project, request.params.id);
      const { job, replayed, created } = await retryJob(
        parts,
        request.caller,
        old,
        request.headers,
      );
      if (replayed) reply.header('idempotency-replayed', 'true');
      reply.code(202).header('retry-after', String(POLL_AFTER_SECONDS));
      return sendJob(reply, parts, created ?? (await store.read(job)));
    },
  );
}
