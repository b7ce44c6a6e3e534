import { MODEL, jobPayload } from '../contender.ts';
import { fill } from '../fill.ts';
import type { BenchOptions } from '../options.ts';
import type { PartResult } from '../part.ts';
import { recordProfiles } from '../profiling/record-profiles.ts';
import { cpuMicroseconds, cpuPerJob, totalCpu, untilQuiet } from '../process-cpu.ts';
import { startBrokerStage, type BrokerStage } from '../stage.ts';
import { untilAnswered } from '../until-answered.ts';

const JOBS = { quick: 3000, full: 100_000 };
/** Of the drain without an outage, which is taken to be as fast with more. */
const NORMAL_JOBS = { quick: 2000, full: 20_000 };
const RETRY_AFTER_SECONDS = 5;
const PROVIDERS = ['bench-upstream', 'bench-second'];

/** How long jobs that waited for providers take when these come back. */
export async function measureOutage(options: BenchOptions): Promise<PartResult> {
  await using stack = new AsyncDisposableStack();
  const stage = await startBrokerStage(stack, {
    ...options,
    shape: ({ baseUrl, origin }) => ({
      providers: { 'bench-upstream': baseUrl, 'bench-second': `${origin}/second/v1` },
      routes: { [MODEL]: PROVIDERS },
    }),
  });
  const [normalJobs, jobs] = [NORMAL_JOBS[options.size], JOBS[options.size]];
  const normal = await drainOfQueue(stage, normalJobs);
  const outage = await drainOfRooms(stage, jobs);
  const normalRate = normalJobs / normal.allSeconds;
  return {
    figures: [
      { name: 'normal_drain', unit: 'jobs/s', broker: [normalRate] },
      {
        name: 'outage_first_answer',
        unit: 's',
        broker: [outage.firstSeconds],
        note: `after the providers were back; they had said to come again after ${RETRY_AFTER_SECONDS} s`,
      },
      { name: 'outage_drain_seconds', unit: 's', broker: [outage.allSeconds] },
      {
        name: 'outage_drain',
        unit: '',
        ratio: [outage.allSeconds / (jobs / normalRate)],
        note: `seconds until ${jobs} jobs were done after an outage of both providers ÷ seconds of as many from the queue, at the speed of ${normalJobs}`,
      },
      {
        name: 'outage_drain_cpu',
        unit: 'µs',
        ratio: [totalCpu(outage.cpuMicrosecondsPerJob) / totalCpu(normal.cpuMicrosecondsPerJob)],
        note: 'CPU per job of all processes and Redis in that time, after the outage ÷ from the queue',
      },
    ],
    details: { jobs, outage, normal },
  };
}

interface Drain {
  firstSeconds: number;
  /** From the first answer possible to the last. */
  allSeconds: number;
  cpuMicrosecondsPerJob: Record<string, number>;
  calls: number;
}

async function drainOfQueue(stage: BrokerStage, jobs: number): Promise<Drain> {
  const { broker, upstream, watch } = stage;
  const { answered } = await upstream.calls();
  await upstream.become({ state: 'held' });
  await fill(broker, watch, jobs);
  return await drain('queue', stage, answered, jobs);
}

async function drainOfRooms(stage: BrokerStage, jobs: number): Promise<Drain> {
  const { broker, upstream, watch } = stage;
  await upstream.become({ state: 'down', retryAfterSeconds: RETRY_AFTER_SECONDS });
  const { answered } = await upstream.calls();
  await broker.client.submit(jobPayload(1000));
  for (const provider of PROVIDERS) await watch.untilCooled(provider);
  await fill(broker, watch, jobs);
  return await drain('outage', stage, answered, jobs + 1);
}

async function drain(
  name: string,
  { broker, redis, upstream }: BrokerStage,
  answeredBefore: number,
  jobs: number,
): Promise<Drain> {
  const processes = [...broker.processes, redis];
  const cpuBefore = cpuMicroseconds(processes);
  const startedAt = performance.now();
  const answered = async (count: number): Promise<number> => {
    await untilAnswered(upstream, answeredBefore + count);
    return (performance.now() - startedAt) / 1000;
  };
  let [firstSeconds, allSeconds] = [0, 0];
  await recordProfiles(name, broker.processes, async () => {
    await upstream.become({ state: 'open' });
    firstSeconds = await answered(1);
    allSeconds = await answered(jobs);
  });
  await untilQuiet(broker.processes);
  const calls = (await upstream.calls()).answered - answeredBefore;
  const cpuMicrosecondsPerJob = cpuPerJob(cpuBefore, cpuMicroseconds(processes), jobs);
  return { firstSeconds, allSeconds, cpuMicrosecondsPerJob, calls };
}
