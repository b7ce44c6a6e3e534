import {
  DIALECT_BY_ENDPOINT,
  callerDialectSchema,
  endpointSchema,
  jobEndSchema,
  surfaceSchema,
} from '@understudy/contracts';
import type { JobRequest, JobStatus } from '@understudy/contracts';
import { z } from 'zod';
import { fullEnd } from './dense/dense-end.ts';
import { USUAL_ENDPOINT } from './dense/dense-request.ts';
import { membersOf, unless } from './dense/members.ts';
import type { JobReference } from './job-keys.ts';
import type { JobOutline } from './job-outline.ts';
import type { JobChange } from './job-store.ts';
import { isUnreadable, readAlone } from './unread-record.ts';

/** A job whose caller wrote nothing beside the body: no metadata, nobody who is called back. */
export type PlainJob = JobReference &
  Pick<
    JobRequest,
    'endpoint' | 'dialect' | 'model' | 'surface' | 'created_at' | 'traceparent' | 'batch'
  >;

/** In whose queue a job stands, or what it came to: `end` as the record has it, in clear. */
export type ToldState = { provider: string } | { end: string; endedAt: number };

/** An end as the record has it. One that this release cannot read is no end, and not an error. */
const toldEndSchema = z.unknown().transform((kept, context) => {
  const end = readAlone(() => jobEndSchema.parse(fullEnd(membersOf(kept))));
  if (!isUnreadable(end)) return end;
  context.issues.push({ code: 'custom', message: 'is no end of a job', input: undefined });
  return z.NEVER;
});

/**
 * What an entry of an outbox tells beside a change, so that nobody reads the record for it: all that
 * outlines hold, but for what tells apart jobs that were asked and answered alike.
 */
export const toldOutlineSchema = z.object({
  /** Model, route unless it has the model's name, endpoint unless it is the usual one, */
  m: z.string(),
  n: z.string().optional(),
  e: endpointSchema.optional(),
  /** dialect unless it is the endpoint's, surface; */
  d: callerDialectSchema.optional(),
  u: surfaceSchema.optional(),
  /** the provider in whose queue the job stands, or else its end and the time of it. */
  q: z.string().optional(),
  x: z.optional(toldEndSchema),
  t: z.number().optional(),
});
type ToldOutline = z.infer<typeof toldOutlineSchema>;

export function isPlainJob(
  job: JobReference & Partial<JobRequest>,
): job is JobReference & Partial<JobRequest> & PlainJob {
  const { endpoint, dialect, model, created_at: createdAt, traceparent } = job;
  return (
    endpoint !== undefined &&
    dialect !== undefined &&
    model !== undefined &&
    createdAt !== undefined &&
    traceparent !== undefined &&
    job.metadata === undefined &&
    job.callback === undefined &&
    job.background === undefined
  );
}

/** What is told of a job's end, where that is an answer; undefined of any other change. */
export function answeredState(
  { status, end, endedAt }: JobChange,
  endText: string,
): ToldState | undefined {
  if (status !== 'completed' || endedAt === undefined) return undefined;
  // What a provider said of a failure may be sealed, and stays in the record.
  return end?.error === undefined ? { end: endText, endedAt } : undefined;
}

/**
 * What is told, as text that lacks its end.
 * @param own what tells the job, or the jobs, apart from others: members by names of their own
 */
export function toldHead(
  job: Pick<PlainJob, 'model' | 'endpoint' | 'dialect' | 'surface'>,
  route: string,
  state: ToldState,
  own: object,
): string {
  const { model, endpoint, dialect, surface } = job;
  const head = JSON.stringify({
    ...own,
    m: model,
    n: unless(route, model),
    e: unless(endpoint, USUAL_ENDPOINT),
    d: unless<string>(dialect, DIALECT_BY_ENDPOINT[endpoint]),
    u: surface,
    ...('provider' in state ? { q: state.provider } : { t: state.endedAt }),
  }).slice(0, -1);
  return 'end' in state ? `${head},"x":${state.end}` : head;
}

/** Makes outlines of what is told of jobs, and of what tells each apart. */
export function toldOutlines(
  { m: model, n: route = model, e: endpoint = USUAL_ENDPOINT, d, u: surface, q, x, t }: ToldOutline,
  status: JobStatus,
): (own: Pick<PlainJob, 'id' | 'project' | 'created_at'> & Partial<OwnOutline>) => JobOutline {
  const dialect = d ?? DIALECT_BY_ENDPOINT[endpoint];
  const ended = {
    ...(t === undefined ? {} : { completedAt: t }),
    ...(x === undefined ? {} : { end: x }),
  };
  const asked = { endpoint, dialect, model, ...(surface === undefined ? {} : { surface }) };
  return (own) => ({
    request: { ...own, ...asked },
    progress: {
      route,
      place:
        q === undefined
          ? { kind: 'waiting', until: own.created_at, rooms: [] }
          : { kind: 'queue', planned: { provider: q } },
    },
    status,
    ...ended,
  });
}

type OwnOutline = Pick<JobOutline['request'], 'batch' | 'traceparent'>;
