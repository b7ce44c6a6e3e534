/**
 * Loaded into a service before its own code (`node --import`): writes now and then to a file named by
 * its process id what its heap holds after all garbage was collected. Left alone V8 lets garbage lie
 * for tens of minutes where memory abounds, and such a heap says nothing of what is kept for good.
 */
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const COLLECT_EVERY_MS = 30_000;

setFlagsFromString('--expose-gc');
const collect: unknown = runInNewContext('gc');
if (typeof collect !== 'function') throw new Error('this Node collects no garbage when asked');
const file = join(process.env['LIVE_HEAP_FOLDER'] ?? '.', String(process.pid));
// Who looks early finds a file without samples.
writeFileSync(file, '');
setInterval(() => {
  collect();
  appendFileSync(file, `${performance.now()} ${process.memoryUsage().heapUsed}\n`);
}, COLLECT_EVERY_MS).unref();
