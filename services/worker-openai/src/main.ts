import { runWorker } from '@understudy/worker';
import { openai } from './provider.ts';

await runWorker(openai);
