import { runWorker } from '@understudy/worker';
import { azure } from './provider.ts';

await runWorker(azure);
