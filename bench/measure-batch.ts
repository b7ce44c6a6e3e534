import { startBatchProgram, type BatchProgram, type BatchSetting } from './batch-programs.ts';
import type { ContenderName } from './contender.ts';
import type { Rounds } from './interleaved.ts';
import { watchMemory } from './memory-peaks.ts';
import { cpuMicroseconds, cpuPerJob, untilQuiet } from './process-cpu.ts';
import { startRedis, type BenchRedis } from './redis-server.ts';
import { UPSTREAM_LATENCY_MS } from './stage.ts';
import { startUpstream } from './upstream.ts';

export interface BatchFigures {
  linesPerSecond: number;
  /** To where the batch was accepted; only of a program that says so. */
  acceptedLinesPerSecond?: number;
  cpuMicrosecondsPerJob: Record<string, number>;
  memory: Record<string, { start: number; peak: number }>;
}

/** Each program is started anew for each batch, on one Redis and one upstream, in turns. */
export async function measureBatches(
  names: readonly ContenderName[],
  rounds: number,
  setting: Pick<BatchSetting, 'lines' | 'limitedFirst'>,
): Promise<Rounds<BatchFigures>> {
  await using stack = new AsyncDisposableStack();
  const redis = await startRedis();
  stack.defer(() => redis.stop());
  const upstream = await startUpstream(UPSTREAM_LATENCY_MS);
  stack.defer(() => upstream.stop());
  const measured: Rounds<BatchFigures> = {};
  for (let round = 0; round < rounds; round += 1) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const program = await startBatchProgram(name, {
        ...setting,
        redisUrl: redis.url,
        upstream,
      });
      try {
        (measured[name] ??= []).push(await measure(program, redis, setting.lines));
      } finally {
        await program.stop();
      }
    }
  }
  return measured;
}

async function measure(
  program: BatchProgram,
  redis: BenchRedis,
  lines: number,
): Promise<BatchFigures> {
  const processes = [...program.processes, redis];
  const memory = watchMemory(processes);
  const before = cpuMicroseconds(processes);
  const { acceptedMs, endedMs } = await program.answerAll();
  await untilQuiet(program.processes);
  return {
    linesPerSecond: lines / (endedMs / 1000),
    ...(acceptedMs === undefined ? {} : { acceptedLinesPerSecond: lines / (acceptedMs / 1000) }),
    cpuMicrosecondsPerJob: cpuPerJob(before, cpuMicroseconds(processes), lines),
    memory: memory.stop(),
  };
}
