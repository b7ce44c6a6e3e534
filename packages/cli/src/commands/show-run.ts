import type { FinishedRun } from '../batch/batch-run.ts';
import { costAmount } from '../batch/batch-view.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { formatDollars } from '@understudy/contracts';
import type { Output } from '../output/output.ts';
import { safeLine } from '../output/safe-text.ts';
import { stoppedText } from './stopped-batch.ts';

/**
 * Says how a run ended: which lines failed to whoever reads stderr, the figures to a person or, as
 * JSON, to a script. @returns what the command ends with
 */
export function showRun(run: FinishedRun, answersPath: string, output: Output): ExitCode {
  const { lines, failed, firstFailures, batches, problems } = run;
  const costs = batches.map(costAmount).filter((cost) => cost !== undefined);
  const cost = costs.length === 0 ? undefined : costs.reduce((sum, one) => sum + one, 0);
  if (output.json) {
    const summary = {
      answers: answersPath,
      lines,
      succeeded: lines - failed,
      failed,
      failures: firstFailures,
      batches: batches.map(({ id, status }) => ({ id, status })),
      ...(cost === undefined ? {} : { cost: { amount: cost, currency: 'USD' } }),
    };
    output.show(summary, () => '');
  }
  // What became of earlier rounds was told after each.
  const last = batches.at(-1);
  const stopped = last === undefined ? undefined : stoppedText(last);
  if (stopped !== undefined) output.note(stopped);
  for (const { line, custom_id: id, reason } of firstFailures) {
    output.note(`line ${line} (${safeLine(id, 64)}): ${safeLine(reason, 200)}`);
  }
  if (failed > firstFailures.length) output.note(`… and ${failed - firstFailures.length} more`);
  for (const problem of problems) output.note(`${last?.id ?? ''}: ${problem}`);
  const price = cost === undefined ? '' : `, ${formatDollars(cost)}`;
  if (failed === 0) {
    output.remark(`${lines} answers in ${answersPath}${price}.`);
    return EXIT.ok;
  }
  output.note(
    `${failed} of ${lines} lines have no answer in ${answersPath}${price}; send them again with --retry-failed.`,
  );
  return EXIT.failed;
}

/** Says that nothing is left to do. @returns what the run before ended with */
export function showComplete(failed: number, answersPath: string, output: Output): ExitCode {
  if (output.json) output.show({ answers: answersPath, complete: true, failed }, () => '');
  if (failed === 0) {
    output.remark(`${answersPath} is complete already; --fresh sends everything again.`);
    return EXIT.ok;
  }
  output.note(
    `${answersPath} was written already; ${failed} lines have no answer: --retry-failed sends them again.`,
  );
  return EXIT.failed;
}
