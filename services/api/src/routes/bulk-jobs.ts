import type { ApiApp, ApiParts } from '../api-parts.ts';
import { cancelJobs, retryJobs } from '../jobs/bulk-jobs.ts';
import { answers } from '../schemas/answers.ts';
import { bulkRequestSchema, bulkResultSchema } from '../schemas/job-filter-schemas.ts';

/** What changes many jobs with one request, a bounded number at a time. */
export function addBulkJobRoutes(app: ApiApp, parts: ApiParts): void {
  app.post(
    '/v1/jobs/cancel',
    {
      config: { scope: 'submit' },
      schema: {
        summary: 'Cancels the jobs that fit a filter and have not ended, newest first',
        body: bulkRequestSchema,
        response: answers({ 200: bulkResultSchema }, 400, 415),
      },
    },
    async ({ project, body }) => cancelJobs(parts, project, body),
  );

  app.post(
    '/v1/jobs/retry',
    {
      config: { scope: 'submit', makesWork: true },
      schema: {
        summary:
          'Makes new jobs from those that fit a filter and have ended, newest first; of completed ones only where the filter names that status',
        body: bulkRequestSchema,
        response: answers({ 200: bulkResultSchema }, 400, 415, 429),
      },
    },
    async ({ caller, headers, body }) => retryJobs(parts, caller, headers, body),
  );
}
