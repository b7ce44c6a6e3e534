import type { JobRequest, JobStatus } from '@understudy/contracts';
import { z } from 'zod';
import type { JobReference } from './job-keys.ts';
import type { JobOutline } from './job-outline.ts';
import { isPlainJob, toldHead, toldOutlineSchema, toldOutlines } from './told-outline.ts';
import type { PlainJob, ToldState } from './told-outline.ts';

/** A job that is a line of a batch, and has nothing about it that its batch's other lines have not. */
export type PlainLine = PlainJob & { batch: NonNullable<JobRequest['batch']> };

/** What an entry of an outbox tells of lines of one batch that are alike but for their numbers. */
const toldLinesSchema = toldOutlineSchema.extend({
  /** Batch, */
  b: z.string(),
  /** and of each line its id, its number and when it was created. */
  l: z.array(z.tuple([z.string(), z.int(), z.number()])),
});

export function isPlainLine(
  job: JobReference & Partial<JobRequest>,
): job is JobReference & Partial<JobRequest> & PlainLine {
  return job.batch !== undefined && isPlainJob(job);
}

/** What is told of all lines of an entry, as text that their rows complete. */
export function linesHead(line: PlainLine, route: string, state: ToldState): string {
  return toldHead(line, route, state, { b: line.batch.id });
}

/** What is told of one of the lines. */
export function lineRow({ id, batch, created_at: createdAt }: PlainLine): string {
  return JSON.stringify([id, batch.line, createdAt]);
}

/** What is told of one line alone; `submit-lines.lua` puts the same together of those it creates. */
export function lineText(line: PlainLine, route: string, state: ToldState): string {
  return `${linesHead(line, route, state)},"l":[${lineRow(line)}]}`;
}

/** Reads what `lineText` made; undefined of what only a newer release can read. */
export function parseLines(
  text: string,
  project: string,
  status: JobStatus,
): JobOutline[] | undefined {
  const told = toldLinesSchema.safeParse(JSON.parse(text)).data;
  if (told === undefined) return undefined;
  const outlineOf = toldOutlines(told, status);
  return told.l.map(([id, line, createdAt]) =>
    outlineOf({ id, project, created_at: createdAt, batch: { id: told.b, line } }),
  );
}
