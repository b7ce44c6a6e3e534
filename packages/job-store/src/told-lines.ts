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

/** A job that is a line of a batch, and has nothing about it that its batch's other lines have not. */
export type PlainLine = JobReference &
  Pick<JobRequest, 'endpoint' | 'dialect' | 'model' | 'surface' | 'created_at'> & {
    batch: NonNullable<JobRequest['batch']>;
  };

/** Where the line stands, or what it came to: `end` as the record has it, in clear. */
export type LineState = { provider: string } | { end: string; endedAt: number };

/**
 * What an entry of an outbox tells of lines of one batch that are alike but for their numbers: all
 * that outlines of their jobs hold, so that nobody reads the records for it.
 */
const toldSchema = z.object({
  /** Batch, model, route unless it has the model's name, endpoint unless it is the usual one, */
  b: z.string(),
  m: z.string(),
  n: z.string().optional(),
  e: endpointSchema.optional(),
  /** dialect unless it is the endpoint's, surface; */
  d: callerDialectSchema.optional(),
  u: surfaceSchema.optional(),
  /** the provider in whose queue they stand, or else their end and its time; */
  q: z.string().optional(),
  x: z.unknown().optional(),
  t: z.number().optional(),
  /** and of each its id, its number and when it was created. */
  l: z.array(z.tuple([z.string(), z.int(), z.number()])),
});

export function isPlainLine(
  job: JobReference & Partial<JobRequest>,
): job is JobReference & Partial<JobRequest> & PlainLine {
  const { batch, endpoint, dialect, model, created_at: createdAt } = job;
  return (
    batch !== undefined &&
    endpoint !== undefined &&
    dialect !== undefined &&
    model !== undefined &&
    createdAt !== undefined &&
    job.metadata === undefined &&
    job.callback === undefined &&
    job.background === undefined
  );
}

/** What is told of all lines of an entry, as text that their rows complete. */
export function linesHead(line: PlainLine, route: string, state: LineState): string {
  const { batch, model, endpoint, dialect, surface } = line;
  const head = JSON.stringify({
    b: batch.id,
    m: model,
    n: unless(route, model),
    e: unless(endpoint, USUAL_ENDPOINT),
    d: unless<string>(dialect, DIALECT_BY_ENDPOINT[endpoint]),
    u: surface,
    ...('provider' in state ? { q: state.provider } : { t: state.endedAt }),
  }).slice(0, -1);
  return 'end' in state ? `${head},"x":${state.end}` : head;
}

/** What is told of one of the lines. */
export function lineRow({ id, batch, created_at: createdAt }: PlainLine): string {
  return JSON.stringify([id, batch.line, createdAt]);
}

/** The scripts put the same together where they choose the lines. */
function linesText(head: string, rows: readonly string[]): string {
  return `${head},"l":[${rows.join(',')}]}`;
}

/** What is told of a line whose job ends with an answer; undefined of any other change. */
export function answeredLineText(
  job: JobReference & Partial<JobRequest>,
  { status, progress, end, endedAt }: JobChange,
  endText: string,
): string | undefined {
  if (status !== 'completed' || progress === undefined || endedAt === undefined) return undefined;
  // What a provider said of a failure may be sealed, and stays in the record.
  if (end?.error !== undefined || !isPlainLine(job)) return undefined;
  return linesText(linesHead(job, progress.route, { end: endText, endedAt }), [lineRow(job)]);
}

/** Reads what `linesText` made; undefined of what only a newer release can read. */
export function parseLines(
  text: string,
  project: string,
  status: JobStatus,
): JobOutline[] | undefined {
  const told = toldSchema.safeParse(JSON.parse(text)).data;
  if (told === undefined) return undefined;
  const { b, m, n: route = m, e: endpoint = USUAL_ENDPOINT, u: surface, q, x, t } = told;
  const end = x === undefined ? undefined : jobEndSchema.parse(fullEnd(membersOf(x)));
  return told.l.map(([id, line, createdAt]) => ({
    request: {
      id,
      project,
      endpoint,
      dialect: told.d ?? DIALECT_BY_ENDPOINT[endpoint],
      model: m,
      created_at: createdAt,
      batch: { id: b, line },
      ...(surface === undefined ? {} : { surface }),
    },
    progress: {
      route,
      place:
        q === undefined
          ? { kind: 'waiting', until: createdAt, rooms: [] }
          : { kind: 'queue', planned: { provider: q } },
    },
    status,
    ...(t === undefined ? {} : { completedAt: t }),
    ...(end === undefined ? {} : { end }),
  }));
}
