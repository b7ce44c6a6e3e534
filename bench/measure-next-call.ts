import { jobPayload, type Contender } from './contender.ts';
import { milliseconds } from './measure-idle.ts';
import type { Upstream } from './upstream.ts';

/**
 * On an idle system, one job after another over a provider that fails.
 * @returns for each, milliseconds from the failure sent to the arrival of the next provider's call
 */
export async function nextCallMs(
  contender: Contender,
  upstream: Upstream,
  model: string,
): Promise<number> {
  const job = await contender.client.submit(jobPayload(1000, { model }), 30);
  if (job.status !== 'completed') throw new Error(`job ${job.id} is ${job.status}`);
  const { lastFailedNs, lastReceivedNs } = await upstream.calls();
  return milliseconds(lastReceivedNs - lastFailedNs);
}
