import { randomUUID } from 'node:crypto';
import { parseSettings } from '@understudy/configuration';
import { openDispatch } from '@understudy/dispatch';
import { createLogger } from '@understudy/runtime';
import { buildApp } from './app.ts';
import { openParts } from './start-api.ts';

/** Nobody listens there. Only requests need Redis, and none is made. */
const NO_REDIS = 'redis://127.0.0.1:1';

// Prints the document of /openapi.json, for generators that run without a broker.
const settings = parseSettings('', { environment: {}, kinds: [], credentials: 'ignore' });
const dispatch = openDispatch({
  redisUrl: NO_REDIS,
  keyPrefix: 'openapi',
  patience: 'request',
  settings: () => settings,
  logger: createLogger('openapi', 'silent'),
});
const app = await buildApp(await openParts(dispatch, randomUUID()));
await app.ready();
process.stdout.write(`${JSON.stringify(app.swagger())}\n`);
await app.close();
await dispatch.close();
