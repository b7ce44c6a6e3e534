import { runWorker } from '@understudy/worker';
import { anthropic } from './provider.ts';

await runWorker(anthropic);
