import { isTerminalBatch } from '@understudy/contracts';
import type { BatchDoor } from './batch-door.ts';
import type { BatchView } from './batch-view.ts';
import { pauseFor, type Patience } from './patience.ts';

const SHORTEST_POLL_MS = 250;
const LONGEST_POLL_MS = 2000;

/**
 * Asks how a batch stands until it has ended; often at first, so that a short batch is not kept
 * waiting. @param look sees each answer, the last one included
 */
export async function followBatch(
  id: string,
  door: BatchDoor,
  patience: Patience,
  signal: AbortSignal,
  look: (batch: BatchView) => Promise<void> | void,
): Promise<BatchView> {
  for (let pollMs = SHORTEST_POLL_MS; ; pollMs = Math.min(LONGEST_POLL_MS, pollMs * 1.5)) {
    const batch = await patience(() => door.get(id, signal));
    await look(batch);
    if (isTerminalBatch(batch.status)) return batch;
    await pauseFor(pollMs, signal);
  }
}
