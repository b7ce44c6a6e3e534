import type { JobRequest } from '@understudy/contracts';
import { isPlainLine } from '@understudy/job-store';
import type { NewLine } from '@understudy/job-store';
import type { DispatchContext } from './dispatch-context.ts';
import { dueTime } from './place-job.ts';
import { placeAccepted, planFirst, submitJob } from './submit-job.ts';

/** A line of a batch, about to become a job. */
export interface SubmittedLine {
  request: JobRequest;
  body: Uint8Array;
}

/**
 * Accepts the jobs of a batch's lines as `submitJob` does, each once; those that go straight into a
 * queue together, a script for each shard. When this resolves all of them are committed.
 */
export async function submitLines(
  context: DispatchContext,
  lines: readonly SubmittedLine[],
): Promise<void> {
  const now = context.clock.now();
  const planned = lines.map((line) => plannedLine(context, line, now));
  const together = planned.filter((line) => line !== undefined);
  const single = lines.filter((_, index) => planned[index] === undefined);
  await Promise.all([
    createTogether(context, together),
    ...single.map(({ request, body }) => submitJob(context, request, body)),
  ]);
}

/** Undefined where more is to be kept of the line than that it stands in a queue. */
function plannedLine(
  context: DispatchContext,
  { request, body }: SubmittedLine,
  now: number,
): NewLine | undefined {
  const { fingerprint, store } = request;
  if (!isPlainLine(request) || fingerprint !== undefined || store === false) return undefined;
  const { progress, skipped } = planFirst(context, request, now);
  const { place } = progress;
  if (place.kind !== 'queue' || skipped.length > 0) return undefined;
  const dueAt = dueTime(request, progress, now);
  return { request, progress: { ...progress, place }, body, dueAt };
}

async function createTogether(context: DispatchContext, lines: readonly NewLine[]): Promise<void> {
  const created = await context.store.createLines(lines);
  await Promise.all(
    lines.map(async ({ request, progress, body }, index) => {
      if (created[index]) await placeAccepted(context, request, progress);
      // Its job may be of a newer release, or wait for replicas: that is looked at one by one.
      else await submitJob(context, request, body);
    }),
  );
}
