import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger } from '../logger.ts';
import { runService } from '../run-service.ts';

/** So much less than nothing that, with the margin of every close, a fifth of a second is left. */
const USUAL_GRACE_MS = -9_800;
const CLOSE_MS = 1000;

/** A service that takes longer to close than it has usually, and says so. */
setInterval(() => undefined, 1000);
await runService(createLogger('long-closing', 'silent'), USUAL_GRACE_MS, async () => ({
  gracePeriodMs: CLOSE_MS,
  close: async () => {
    await sleep(CLOSE_MS);
    await new Promise((resolve) => process.send?.('closed', resolve));
  },
}));
process.send?.('running');
