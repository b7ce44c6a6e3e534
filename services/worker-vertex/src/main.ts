import { runWorker } from '@understudy/worker';
import { vertex } from './provider.ts';

await runWorker(vertex);
