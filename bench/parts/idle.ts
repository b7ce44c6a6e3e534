import { interleaved, type Rounds } from '../interleaved.ts';
import { measureIdle, type IdleSample } from '../measure-idle.ts';
import type { BenchOptions } from '../options.ts';
import { figureOf, type Figure, type Goal, type PartResult } from '../part.ts';
import type { Stage } from '../stage.ts';
import { percentile } from '../statistics.ts';

const REQUEST_BYTES = 1000;
const GOAL: Goal = { of: 'ratio', atMost: 1.5 };

export async function measureIdleJobs(stage: Stage, options: BenchOptions): Promise<PartResult> {
  const rounds = await interleaved(stage.contenders, options.rounds, (contender) =>
    measureIdle(contender, stage.upstream, { jobs: options.idleJobs, requestBytes: REQUEST_BYTES }),
  );
  return {
    figures: [
      idleFigure(rounds, 'idle_to_call_p50', 'toCallMs', 0.5),
      idleFigure(rounds, 'idle_to_call_p99', 'toCallMs', 0.99),
      idleFigure(rounds, 'idle_p50', 'ownMs', 0.5, GOAL),
      idleFigure(rounds, 'idle_p99', 'ownMs', 0.99, GOAL),
      idleFigure(rounds, 'idle_total_p50', 'totalMs', 0.5),
      idleFigure(rounds, 'long_poll_notice_p50', 'noticeMs', 0.5),
      idleFigure(rounds, 'long_poll_notice_p99', 'noticeMs', 0.99),
    ],
  };
}

/** The percentile of each round. */
function idleFigure(
  rounds: Rounds<IdleSample[]>,
  name: string,
  member: keyof IdleSample,
  share: number,
  goal?: Goal,
): Figure {
  const value = (samples: IdleSample[]) =>
    percentile(
      samples.map((sample) => sample[member]),
      share,
    );
  return figureOf(rounds, name, 'ms', value, goal === undefined ? {} : { goal });
}
