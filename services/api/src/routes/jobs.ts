import { endJob } from '@understudy/dispatch';
import type { ApiApp, ApiParts } from '../api-parts.ts';
import { findJob } from '../jobs/find-job.ts';
import { listJobs } from '../jobs/list-jobs.ts';
import { renderSummary, withoutContent } from '../jobs/render-job.ts';
import { callerGone, jobReference, sendJob } from '../jobs/send-job.ts';
import { projectsOf } from '../requests/all-projects.ts';
import { preferredWaitSeconds } from '../requests/prefer-header.ts';
import { answers } from '../schemas/answers.ts';
import { jobQuerySchema } from '../schemas/job-filter-schemas.ts';
import {
  jobListSchema,
  jobParametersSchema,
  jobSchema,
  oneJobQuerySchema,
} from '../schemas/job-schemas.ts';

export function addJobRoutes(app: ApiApp, parts: ApiParts): void {
  const { dispatch, longPolls } = parts;
  const { store } = dispatch;

  app.get(
    '/v1/jobs/:id',
    {
      config: { scope: 'read', allProjects: true },
      schema: {
        summary:
          'A job; with Prefer: wait=N as soon as it has ended, at the latest after N seconds; with without=result but for the answer, which then is not delivered',
        params: jobParametersSchema,
        querystring: oneJobQuerySchema,
        response: answers({ 200: jobSchema }, 404),
      },
    },
    async (request, reply) => {
      const job = await findJob(dispatch, request.project, request.params.id);
      const sent = {
        ifNoneMatch: request.headers['if-none-match'],
        leavesAnswer: request.query.without === 'result',
      };
      const seconds = preferredWaitSeconds(request.headers.prefer);
      reply.header('vary', 'Prefer');
      if (seconds === 0) {
        return sendJob(reply, parts, await store.read(job), sent);
      }
      const stored = await longPolls.waitForEnd(job, seconds * 1000, callerGone(reply));
      reply.header('preference-applied', `wait=${seconds}`);
      return sendJob(reply, parts, stored, sent);
    },
  );

  app.get(
    '/v1/jobs',
    {
      config: { scope: 'read', allProjects: true },
      schema: {
        summary: 'Jobs, newest first; a new job appears within about a second',
        querystring: jobQuerySchema,
        response: answers({ 200: jobListSchema }, 400),
      },
    },
    async ({ project, query: { after, limit, ...filter }, mayReadContent }) => {
      const projects = await projectsOf(dispatch, project);
      const page = await listJobs(dispatch, projects, { filter, after, limit });
      const { records, hasMore, nextAfter } = page;
      const [first, last] = [records[0], records.at(-1)];
      const shown = mayReadContent ? records : records.map(withoutContent);
      return {
        object: 'list',
        data: shown.map(renderSummary),
        ...(first === undefined ? {} : { first_id: first.request.id }),
        ...(last === undefined ? {} : { last_id: last.request.id }),
        has_more: hasMore,
        ...(nextAfter === undefined ? {} : { next_after: nextAfter }),
      };
    },
  );

  app.post(
    '/v1/jobs/:id/cancel',
    {
      config: { scope: 'submit' },
      schema: {
        summary: 'Cancels a job; one that has ended stays as it is',
        params: jobParametersSchema,
        response: answers({ 200: jobSchema }, 404),
      },
    },
    async (request, reply) => {
      const job = jobReference(request.project, request.params.id);
      return sendJob(reply, parts, await endJob(dispatch, job, 'cancelled'));
    },
  );
}
