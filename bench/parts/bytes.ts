import { fill } from '../fill.ts';
import type { BenchOptions } from '../options.ts';
import type { PartResult } from '../part.ts';
import { startBrokerStage, type BrokerStage } from '../stage.ts';
import { untilAnswered } from '../until-answered.ts';
import { MODEL } from '../contender.ts';

const JOBS = { quick: 1000, full: 20_000 };
const REQUEST_BYTES = 1000;
const ANSWER_BYTES = 2000;
/** In `held`, as many wait at the upstream rather than in the queue: few of all. */
const CONCURRENCY = 50;
/** Fails at two providers, each with an error body of 200 bytes, and succeeds at a third. */
const THREE_ATTEMPTS = 'bench-three';

/** What Redis keeps of a job, lists and counts included, after the relays have caught up. */
export async function measureBytes(options: BenchOptions): Promise<PartResult> {
  await using stack = new AsyncDisposableStack();
  const jobs = JOBS[options.size];
  const stage = await startBrokerStage(stack, {
    ...options,
    shape: ({ baseUrl, origin }) => ({
      concurrency: CONCURRENCY,
      providers: {
        'bench-upstream': baseUrl,
        'failing-1': `${origin}/failing-1/v1`,
        'failing-2': `${origin}/failing-2/v1`,
      },
      routes: {
        [MODEL]: ['bench-upstream'],
        [THREE_ATTEMPTS]: ['failing-1', 'failing-2', 'bench-upstream'],
      },
    }),
  });
  const waiting = await bytesOfWaiting(stage, jobs);
  const finished = await bytesOfFinished(stage, jobs);
  const note = `of ${jobs} jobs of 1 kB`;
  const figure = (name: string, bytes: number, more: string) => ({
    name,
    unit: 'bytes',
    broker: [bytes],
    note: `${note}, ${more}`,
  });
  const goal = { of: 'broker', atMost: 2500 } as const;
  return {
    figures: [
      { ...figure('redis_bytes_per_waiting_job', waiting, 'the request included'), goal },
      figure(
        'redis_bytes_per_waiting_job_beyond_payload',
        waiting - REQUEST_BYTES,
        'without the request',
      ),
      {
        ...figure(
          'redis_bytes_per_finished_job_beyond_payload',
          finished - REQUEST_BYTES - ANSWER_BYTES,
          'without request and answer; three attempts, two of them failed with 200 bytes',
        ),
        goal,
      },
    ],
  };
}

async function bytesOfWaiting(
  { broker, upstream, watch }: BrokerStage,
  jobs: number,
): Promise<number> {
  await watch.untilRelayed();
  const before = await watch.usedBytes();
  const { answered } = await upstream.calls();
  await upstream.become({ state: 'held' });
  await fill(broker, watch, jobs, { requestBytes: REQUEST_BYTES });
  const used = (await watch.usedBytes()) - before;
  await upstream.become({ state: 'open' });
  await untilAnswered(upstream, answered + jobs);
  return used / jobs;
}

async function bytesOfFinished(
  { broker, upstream, watch }: BrokerStage,
  jobs: number,
): Promise<number> {
  await watch.untilRelayed();
  const before = await watch.usedBytes();
  const { answered } = await upstream.calls();
  await broker.seed(jobs, { requestBytes: REQUEST_BYTES, model: THREE_ATTEMPTS });
  await untilAnswered(upstream, answered + jobs);
  await watch.untilRelayed();
  return ((await watch.usedBytes()) - before) / jobs;
}
