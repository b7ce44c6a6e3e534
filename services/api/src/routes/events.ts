import { BrokerError, isTerminal } from '@understudy/contracts';
import type { FastifyRequest } from 'fastify';
import type { ApiApp, ApiParts } from '../api-parts.ts';
import { STORY_START, followJob, parseStoryPlace, untold } from '../job-story.ts';
import {
  eventsQuerySchema,
  jobEventsQuerySchema,
  streamAnswers,
} from '../schemas/event-schemas.ts';
import { jobParametersSchema } from '../schemas/job-schemas.ts';
import { callerGone, jobNotFound, jobReference } from '../send-job.ts';
import { sendStream } from '../send-stream.ts';

const STREAM_PLACE = /^\d{1,15}-\d{1,15}$/;

export function addEventRoutes(
  app: ApiApp,
  { dispatch, changes, openStreams, projectEvents }: ApiParts,
): void {
  const { store } = dispatch;

  app.get(
    '/v1/jobs/:id/events',
    {
      config: { scope: 'read' },
      exposeHeadRoute: false,
      schema: {
        summary:
          'Server-sent events of a job: failed attempts and each status it comes to, from its start or from Last-Event-ID; ends with the job, then 204',
        params: jobParametersSchema,
        querystring: jobEventsQuerySchema,
        response: streamAnswers(404),
      },
    },
    async (request, reply) => {
      const job = jobReference(request.project, request.params.id);
      const heard = lastHeard(request, request.query.after);
      const place = heard === undefined ? STORY_START : parseStoryPlace(heard);
      if (place === undefined) throw wrongPlace(heard);
      const stored = await store.read(job);
      if (stored === undefined) throw jobNotFound();
      // An EventSource connects again when a stream has ended; this answer makes it stop.
      if (isTerminal(stored.record.status) && untold(stored, place).events.length === 0) {
        return reply.code(204).send();
      }
      const stream = openStreams.open(job.project, callerGone(reply), (wake) =>
        followJob(job, place, changes, store.read, wake),
      );
      return sendStream(reply, stream);
    },
  );

  app.get(
    '/v1/events',
    {
      config: { scope: 'read' },
      exposeHeadRoute: false,
      schema: {
        summary:
          'Server-sent events of all jobs of the project: how they end, and with types= also failed attempts; from now on or from Last-Event-ID',
        querystring: eventsQuerySchema,
        response: streamAnswers(),
      },
    },
    async (request, reply) => {
      const { project, query } = request;
      const heard = lastHeard(request, query.after);
      if (heard !== undefined && heard !== '0' && !STREAM_PLACE.test(heard)) {
        throw wrongPlace(heard);
      }
      const oldest = heard === '0';
      const after = oldest ? undefined : (heard ?? (await projectEvents.now(project)));
      const types = new Set<string>(query.types);
      const stream = openStreams.open(project, callerGone(reply), (wake) =>
        projectEvents.follow(project, after, types, wake),
      );
      return sendStream(reply, stream);
    },
  );
}

/** The header is newer than the query where an EventSource has resumed by itself. */
function lastHeard({ headers }: FastifyRequest, after: string | undefined): string | undefined {
  const header = headers['last-event-id'];
  const heard = typeof header === 'string' && header !== '' ? header : after;
  return heard === '' ? undefined : heard;
}

function wrongPlace(heard: string | undefined): BrokerError {
  return new BrokerError(
    'invalid_request',
    `Last-Event-ID or after is ${JSON.stringify(heard?.slice(0, 40))}; give the id of an event of this stream, or none`,
    { param: 'after' },
  );
}
