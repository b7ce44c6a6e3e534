import { eventually } from './child-process.ts';
import type { Upstream } from './upstream.ts';

const LONGEST_MS = 3_600_000;

/** Waits until the upstream has answered so many calls since it was started. */
export async function untilAnswered(upstream: Upstream, answered: number): Promise<void> {
  await eventually(`answer number ${answered}`, LONGEST_MS, async () => {
    return (await upstream.calls()).answered >= answered ? true : undefined;
  });
}
