import type { Job } from '@understudy/client';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { Output } from '../output/output.ts';
import { readableAnswer, renderJob } from '../output/render-job.ts';

/**
 * Shows how a job ended: to a person with all that was tried, to a script the answer alone.
 * @returns what the command ends with
 */
export function showEnd(job: Job, output: Output): ExitCode {
  output.show(job, (value, style) => {
    if (output.isTerminal) return renderJob(value, style);
    return value.status === 'completed' ? `${readableAnswer(value) ?? ''}\n` : '';
  });
  if (job.status === 'completed') return EXIT.ok;
  if (!output.isTerminal) output.note(`understudy: ${job.id} ${endText(job)}`);
  return EXIT.failed;
}

/** Why there is no answer, on one line. */
export function endText({ status, error }: Job): string {
  return error === undefined ? status : `${status}: ${error.message} (${error.code})`;
}
