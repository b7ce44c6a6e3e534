import { createRequire } from 'node:module';
import type { FileSettings } from '@understudy/configuration';
import { createLogger } from '@understudy/runtime';
import { Redis } from 'ioredis';
import { openFileStore } from '../open-file-store.ts';

/** Says whether opening the store of these settings has read a package of the AWS SDK. */
const settings: FileSettings = JSON.parse(process.argv[2] ?? '');
await openFileStore({
  redis: new Redis({ lazyConnect: true }),
  keyPrefix: 'none',
  settings,
  logger: createLogger('test', 'silent'),
});
const { cache } = createRequire(import.meta.url);
const loaded = Object.keys(cache).some((path) => path.includes('/@aws-sdk/'));
process.stdout.write(String(loaded), () => process.exit());
