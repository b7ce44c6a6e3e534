import { measureBatches } from '../measure-batch.ts';
import type { BenchOptions } from '../options.ts';
import { figureOf, type PartResult } from '../part.ts';
import { ownCpu, redisCpu } from '../process-cpu.ts';

export const BATCH_LINES = { quick: 2000, full: 50_000 };
const ROUNDS = { quick: 1, full: 3 };

export async function measureBatchLines({ size, contenders }: BenchOptions): Promise<PartResult> {
  const lines = BATCH_LINES[size];
  const rounds = await measureBatches(contenders, ROUNDS[size], { lines });
  const accepted = (rounds.broker ?? []).flatMap((one) => one.acceptedLinesPerSecond ?? []);
  return {
    figures: [
      figureOf(rounds, 'batch_lines_per_second', 'lines/s', (one) => one.linesPerSecond, {
        goal: { of: 'ratio', atLeast: 1 },
        note: `first byte uploaded to last of ${lines} lines answered and in the output file`,
      }),
      figureOf(rounds, 'cpu_per_batch_line', 'µs', (one) => ownCpu(one.cpuMicrosecondsPerJob)),
      figureOf(rounds, 'redis_cpu_per_batch_line', 'µs', (one) =>
        redisCpu(one.cpuMicrosecondsPerJob),
      ),
      {
        name: 'batch_lines_accepted_per_second',
        unit: 'lines/s',
        broker: accepted,
        note: 'first byte uploaded to batch created',
      },
    ],
    details: { rounds },
  };
}
