import { BrokerError, isTerminal } from '@understudy/contracts';
import type { FastifyRequest } from 'fastify';
import type { ApiApp, ApiParts } from '../api-parts.ts';
import type { Followed } from '../events/event-frames.ts';
import { STORY_START, followJob, parseStoryPlace, untold } from '../events/job-story.ts';
import type { PlaceInAll } from '../events/project-events.ts';
import { sendStream } from '../events/send-stream.ts';
import { callerGone, jobNotFound, jobReference } from '../jobs/send-job.ts';
import { ALL_PROJECTS, projectsOf } from '../requests/all-projects.ts';
import {
  eventsQuerySchema,
  jobEventsQuerySchema,
  streamAnswers,
} from '../schemas/event-schemas.ts';
import { jobParametersSchema } from '../schemas/job-schemas.ts';

/** Instead of a place: whoever names it has missed nothing of what is no longer kept. */
const FROM_OLDEST = '0';
const STREAM_PLACE = /^\d{1,15}-\d{1,15}$/;
const TOLD_AGAIN_MS = 5000;

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
      const stream = openStreams.open(request.credential, callerGone(reply), (wake) =>
        followJob(job, place, changes, store.read, wake),
      );
      return sendStream(reply, stream);
    },
  );

  app.get(
    '/v1/events',
    {
      config: { scope: 'read', allProjects: true },
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
      if (heard !== undefined && heard !== FROM_OLDEST && !STREAM_PLACE.test(heard)) {
        throw wrongPlace(heard);
      }
      const types = new Set<string>(query.types);
      const follow = await followFrom(project, heard, types);
      // A stream ends with the key that opened it, whichever project it tells of.
      const stream = openStreams.open(request.credential, callerGone(reply), follow);
      return sendStream(reply, stream);
    },
  );

  async function followFrom(
    project: string,
    heard: string | undefined,
    types: ReadonlySet<string>,
  ): Promise<(wake: () => void) => Followed> {
    if (project === ALL_PROJECTS) {
      const projects = await projectsOf(dispatch, project);
      const from = placeInAll(heard, dispatch.clock.now());
      return (wake) => projectEvents.followAll(projects, from, types, wake);
    }
    const after = heard === FROM_OLDEST ? undefined : (heard ?? (await projectEvents.now(project)));
    return (wake) => projectEvents.follow(project, after, types, wake);
  }
}

/**
 * Places of all streams begin with the time at which Redis appended the event, but events of two
 * projects may be told in another order: whoever resumes hears those of the last seconds again.
 */
function placeInAll(heard: string | undefined, now: number): PlaceInAll {
  if (heard === undefined) return { place: `${now}-0`, after: `${now}-0` };
  if (heard === FROM_OLDEST) return { place: heard, after: undefined };
  const [time = 0] = heard.split('-').map(Number);
  return { place: heard, after: `${Math.max(0, time - TOLD_AGAIN_MS)}-0` };
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
