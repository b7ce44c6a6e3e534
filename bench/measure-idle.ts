import { jobPayload, type Contender } from './contender.ts';
import type { Upstream } from './upstream.ts';

/** One job on an idle system; milliseconds. */
export interface IdleSample {
  /** Submit to the arrival of the call at the upstream. */
  toCallMs: number;
  /** Submit to the answer that says the job is completed. */
  totalMs: number;
  /** `totalMs` without the time the upstream took: what the contender itself costs. */
  ownMs: number;
  /** The upstream sent its answer to the caller has it. */
  noticeMs: number;
}

/** One job at a time, each held until it is done. @throws Error when a job is not completed */
export async function measureIdle(
  contender: Contender,
  upstream: Upstream,
  options: { jobs: number; requestBytes: number },
): Promise<IdleSample[]> {
  const payload = jobPayload(options.requestBytes);
  const samples: IdleSample[] = [];
  for (let number = 0; number < options.jobs; number += 1) {
    const submittedNs = process.hrtime.bigint();
    const job = await contender.client.submit(payload, 30);
    const endedNs = process.hrtime.bigint();
    if (job.status !== 'completed') throw new Error(`job ${job.id} is ${job.status}`);
    const { lastReceivedNs, lastAnsweredNs } = await upstream.calls();
    const totalMs = milliseconds(endedNs - submittedNs);
    samples.push({
      toCallMs: milliseconds(lastReceivedNs - submittedNs),
      totalMs,
      ownMs: totalMs - milliseconds(lastAnsweredNs - lastReceivedNs),
      noticeMs: milliseconds(endedNs - lastAnsweredNs),
    });
  }
  return samples;
}

export function milliseconds(nanoseconds: bigint): number {
  return Number(nanoseconds) / 1e6;
}
