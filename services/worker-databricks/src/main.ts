import { runWorker } from '@understudy/worker';
import { databricks } from './provider.ts';

await runWorker(databricks);
