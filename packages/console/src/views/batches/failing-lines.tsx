import type { Batch } from '@understudy/client';
import { mayReadContent } from '../../session/scopes.ts';
import { useWho } from '../../session/session.ts';
import { ErrorFileLines } from './error-file-lines.tsx';
import { FailedJobs } from './failed-jobs.tsx';

export interface FailingLinesProps {
  batch: Batch;
  project: string | undefined;
}

/**
 * The lines that were not answered, each with why and the way to its job. The error file has all of
 * them, but is made at the end, and not of every batch; before that the failed jobs are shown.
 */
export function FailingLines({ batch, project }: FailingLinesProps) {
  const who = useWho();
  if (batch.request_counts.failed === 0) return null;
  return (
    <section class="failing">
      <h2>Lines that failed</h2>
      {batch.error_file_id !== undefined && mayReadContent(who) ? (
        <ErrorFileLines fileId={batch.error_file_id} project={project} />
      ) : (
        <FailedJobs batch={batch} project={project} />
      )}
    </section>
  );
}
