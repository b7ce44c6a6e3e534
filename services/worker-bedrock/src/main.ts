import { runWorker } from '@understudy/worker';
import { bedrock } from './provider.ts';

await runWorker(bedrock);
