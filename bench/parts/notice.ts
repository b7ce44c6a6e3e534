import { API_KEY, contenderNamed, jobPayload, type Contender } from '../contender.ts';
import { followEvents } from '../follow-events.ts';
import { milliseconds } from '../measure-idle.ts';
import type { BenchOptions } from '../options.ts';
import { percentileFigure, type PartResult } from '../part.ts';
import type { Stage } from '../stage.ts';
import type { Upstream } from '../upstream.ts';

/** From the upstream's answer to the moment at which a listener to server-sent events knows it. */
export async function measureNotice(
  { contenders, upstream }: Stage,
  { rounds, idleJobs }: BenchOptions,
): Promise<PartResult> {
  const broker = contenderNamed(contenders, 'broker');
  // The project's stream comes by the scheduler's relay, which takes its time.
  const jobs = Math.ceil(idleJobs / 3);
  const own: number[][] = [];
  const all: number[][] = [];
  await using project = await followEvents(`${broker.origin}/v1/events`, API_KEY);
  for (let round = 0; round < rounds; round += 1) {
    const samples = [];
    for (let number = 0; number < jobs; number += 1) {
      samples.push(await noticesOf(broker, upstream, project));
    }
    own.push(samples.map(({ jobMs }) => jobMs));
    all.push(samples.map(({ projectMs }) => projectMs));
  }
  const ofJob = { note: "the stream of one job's events" };
  const ofProject = { note: "the stream of a project's events" };
  return {
    figures: [
      percentileFigure({ broker: own }, 'sse_notice_p50', 0.5, ofJob),
      percentileFigure({ broker: own }, 'sse_notice_p99', 0.99, ofJob),
      percentileFigure({ broker: all }, 'project_sse_notice_p50', 0.5, ofProject),
      percentileFigure({ broker: all }, 'project_sse_notice_p99', 0.99, ofProject),
    ],
  };
}

async function noticesOf(
  { client, origin }: Contender,
  upstream: Upstream,
  project: Awaited<ReturnType<typeof followEvents>>,
): Promise<{ jobMs: number; projectMs: number }> {
  const { id } = await client.submit(jobPayload(1000));
  const inProject = project.heard(id);
  await using job = await followEvents(`${origin}/v1/jobs/${id}/events`, API_KEY);
  const [ofJob, ofProject] = await Promise.all([job.heard(id), inProject]);
  const { lastAnsweredNs } = await upstream.calls();
  return {
    jobMs: milliseconds(ofJob - lastAnsweredNs),
    projectMs: milliseconds(ofProject - lastAnsweredNs),
  };
}
