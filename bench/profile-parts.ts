import { startBatchProgram } from './batch-programs.ts';
import type { Contender } from './contender.ts';
import { measureIdle } from './measure-idle.ts';
import { nextCallMs } from './measure-next-call.ts';
import { runLoad } from './measure-throughput.ts';
import type { BenchOptions } from './options.ts';
import type { PartName } from './part.ts';
import { BATCH_LINES } from './parts/batch.ts';
import { measureOutage } from './parts/outage.ts';
import { forgetOldProfiles, PROFILES, recordProfiles } from './profiling/record-profiles.ts';
import { startRedis } from './redis-server.ts';
import { FALLBACK_MODEL, startStage, UPSTREAM_LATENCY_MS, type Stage } from './stage.ts';
import { startUpstream } from './upstream.ts';

type Work = (contender: Contender, stage: Stage, options: BenchOptions) => Promise<unknown>;

/** What a contender does while it is profiled. */
const WORK: Partial<Record<PartName, Work>> = {
  throughput: (contender, { upstream }, options) =>
    runLoad(contender, upstream, { ...options, requestBytes: 1000 }),
  payload: (contender, { upstream }, options) =>
    runLoad(contender, upstream, { ...options, requestBytes: 30_000 }),
  idle: (contender, { upstream }, { idleJobs }) =>
    measureIdle(contender, upstream, { jobs: idleJobs, requestBytes: 1000 }),
  'next-call': async (contender, { upstream }, { idleJobs }) => {
    if (contender.name === 'yardstick') return;
    for (let number = 0; number < idleJobs; number += 1) {
      await nextCallMs(contender, upstream, FALLBACK_MODEL);
    }
  },
};

/** Profiles the contenders at the work of some parts. How long it takes then means nothing. */
export async function profileParts(options: BenchOptions): Promise<void> {
  await forgetOldProfiles();
  const worked = options.parts.filter((part) => WORK[part] !== undefined);
  if (worked.length > 0) await profileWork(worked, options);
  if (options.parts.includes('batch')) await profileBatches(options);
  if (options.parts.includes('outage')) await measureOutage(options);
  console.log(`profiles, flame graphs and these tables are in ${PROFILES.pathname}`);
}

async function profileWork(parts: readonly PartName[], options: BenchOptions): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const stage = await startStage(stack, options);
  for (const part of parts) {
    for (const contender of stage.contenders) {
      await recordProfiles(`${part}-${contender.name}`, contender.processes, async () => {
        await WORK[part]?.(contender, stage, options);
      });
    }
  }
}

async function profileBatches({ contenders, size }: BenchOptions): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const redis = await startRedis();
  stack.defer(() => redis.stop());
  const upstream = await startUpstream(UPSTREAM_LATENCY_MS);
  stack.defer(() => upstream.stop());
  const setting = { redisUrl: redis.url, upstream, lines: BATCH_LINES[size], profile: true };
  for (const name of contenders) {
    const program = await startBatchProgram(name, setting);
    try {
      await recordProfiles(`batch-${name}`, program.processes, () => program.answerAll());
    } finally {
      await program.stop();
    }
  }
}
