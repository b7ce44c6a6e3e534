import type { RunObserver } from '../batch/batch-run.ts';
import { costAmount } from '../batch/batch-view.ts';
import { progressLine } from '../batch/progress-line.ts';
import { createSpeed } from '../batch/speed.ts';
import type { Output } from '../output/output.ts';

/** Shows how a run goes on, on a terminal. `close` takes the last line away. */
export function createRunObserver(output: Output): RunObserver & { close(): void } {
  let speed = createSpeed();
  return {
    onBatch: ({ id }, resumed) => {
      speed = createSpeed();
      output.remark(resumed ? `Going on with ${id}.` : `Sent as ${id}.`);
    },
    onProgress: (batch) => {
      const { total = 0, completed = 0, failed = 0 } = batch.request_counts ?? {};
      const done = completed + failed;
      speed.note(done, performance.now());
      const cost = costAmount(batch);
      const linesPerSecond = speed.perSecond();
      const progress = {
        status: batch.status,
        total,
        done,
        failed,
        ...(cost === undefined ? {} : { cost }),
        ...(linesPerSecond === undefined ? {} : { linesPerSecond }),
      };
      output.status(({ columns }) => progressLine(progress, columns));
    },
    close: () => output.status(undefined),
  };
}
