import { createLogger } from '../logger.ts';
import { runService } from '../run-service.ts';

/** A service that is still starting when its parent goes. */
const hanging = new Promise<never>(() => undefined);
setInterval(() => undefined, 1000);
process.send?.('starting');
await runService(createLogger('slow', 'silent'), 1000, () => hanging);
