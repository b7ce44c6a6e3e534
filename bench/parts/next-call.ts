import { contenderNamed } from '../contender.ts';
import { nextCallMs } from '../measure-next-call.ts';
import type { BenchOptions } from '../options.ts';
import { percentileFigure, type PartResult } from '../part.ts';
import { FALLBACK_MODEL, type Stage } from '../stage.ts';
import { startBareHop } from '../yardstick/bare-hop.ts';

/** How much longer than BullMQ's own hop a job takes from one provider to the next. */
export async function measureNextCall(
  { contenders, redis, upstream }: Stage,
  { rounds, idleJobs }: BenchOptions,
): Promise<PartResult> {
  const broker = contenderNamed(contenders, 'broker');
  const bare = await startBareHop(redis.url);
  const hops: number[][] = [];
  const calls: number[][] = [];
  try {
    for (let round = 0; round < rounds; round += 1) {
      const [hopsOfRound, callsOfRound]: [number[], number[]] = [[], []];
      for (let number = 0; number < idleJobs; number += 1) {
        hopsOfRound.push(await bare.hop());
        callsOfRound.push(await nextCallMs(broker, upstream, FALLBACK_MODEL));
      }
      hops.push(hopsOfRound);
      calls.push(callsOfRound);
    }
  } finally {
    await bare.close();
  }
  const both = { yardstick: hops, broker: calls };
  const note =
    'the broker from a failed call to the next one; as yardstick BullMQ alone, add to process';
  return {
    figures: [
      percentileFigure(both, 'next_call_p50', 0.5, { note, goal: { of: 'ratio', atMost: 2.5 } }),
      percentileFigure(both, 'next_call_p99', 0.99, { note }),
    ],
  };
}
