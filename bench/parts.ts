import type { BenchOptions } from './options.ts';
import type { PartName, PartResult } from './part.ts';
import { measureBatchLines } from './parts/batch.ts';
import { measureStart } from './parts/start.ts';
import { measureBytes } from './parts/bytes.ts';
import { measureDepth } from './parts/depth.ts';
import { measureOutage } from './parts/outage.ts';
import { measurePriority } from './parts/priority.ts';
import { measureWaiting } from './parts/waiting.ts';
import { measureNextCall } from './parts/next-call.ts';
import { measureNotice } from './parts/notice.ts';
import { measureIdleJobs } from './parts/idle.ts';
import { measurePayloads } from './parts/payload.ts';
import { measureJobs } from './parts/throughput.ts';
import type { Stage } from './stage.ts';

/** The contenders that several parts use one after another. */
export interface SharedStage {
  /** Started when it is first asked for. */
  get(): Promise<Stage>;
  end(): Promise<void>;
}

type SharingPart = (stage: Stage, options: BenchOptions) => Promise<PartResult>;
type OwnPart = (options: BenchOptions) => Promise<PartResult>;

const SHARING: Partial<Record<PartName, SharingPart>> = {
  throughput: measureJobs,
  idle: measureIdleJobs,
  notice: measureNotice,
  'next-call': measureNextCall,
  payload: measurePayloads,
};

/** Each starts what it needs itself. */
const OWN: Partial<Record<PartName, OwnPart>> = {
  batch: measureBatchLines,
  start: measureStart,
  bytes: measureBytes,
  priority: measurePriority,
  waiting: measureWaiting,
  outage: measureOutage,
  depth: measureDepth,
};

/** What the yardstick has nothing to show in. */
const OF_THE_BROKER: readonly PartName[] = [
  'notice',
  'next-call',
  'start',
  'bytes',
  'priority',
  'waiting',
  'outage',
];

export async function runPart(
  name: PartName,
  shared: SharedStage,
  options: BenchOptions,
): Promise<PartResult> {
  if (OF_THE_BROKER.includes(name) && !options.contenders.includes('broker')) {
    return { figures: [] };
  }
  const sharing = SHARING[name];
  if (sharing !== undefined) return await sharing(await shared.get(), options);
  await shared.end();
  const own = OWN[name];
  if (own === undefined) throw new Error(`there is no part ${name}`);
  return await own(options);
}
