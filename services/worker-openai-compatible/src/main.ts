import { runWorker } from '@understudy/worker';
import { openaiCompatible } from './provider.ts';

await runWorker(openaiCompatible);
