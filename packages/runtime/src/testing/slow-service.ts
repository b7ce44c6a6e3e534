import { createLogger } from '../logger.ts';
import { runService } from '../run-service.ts';

/** A service that is still starting when its parent goes, or it is told to stop. */
const hanging = new Promise<never>(() => undefined);
setInterval(() => undefined, 1000);
await runService(createLogger('slow', 'info'), 1000, () => {
  process.send?.('starting');
  return hanging;
});
