import { runWorker } from '@understudy/worker';
import { gemini } from './provider.ts';

await runWorker(gemini);
