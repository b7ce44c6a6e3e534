import { lineOutcomeSchema } from '@understudy/contracts';
import type { JobOutline } from '@understudy/job-store';
import type { BatchReference } from './batch-keys.ts';
import type { EndedLine } from './batch-run.ts';

/** What the end of a job means for its batch; undefined of a job that goes on, or is no line. */
export function endedLineOf({
  request,
  status,
  end,
}: JobOutline): { batch: BatchReference; line: EndedLine } | undefined {
  if (request.batch === undefined) return undefined;
  const outcome = lineOutcomeSchema.safeParse(status);
  if (!outcome.success) return undefined;
  const { id, line } = request.batch;
  return {
    batch: { project: request.project, id },
    line: {
      line,
      outcome: outcome.data,
      ...(end?.usage === undefined ? {} : { usage: end.usage }),
      ...(end?.cost === undefined ? {} : { cost: end.cost }),
    },
  };
}
