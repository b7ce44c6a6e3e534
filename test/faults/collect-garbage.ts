/**
 * Loaded into a service before its own code (`node --import`): collects all garbage now and then, so
 * that the least of its heap in a minute is what is live. Left alone V8 lets garbage lie for tens of
 * minutes where memory abounds, and such a heap says nothing of what is kept for good.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const COLLECT_EVERY_MS = 30_000;

setFlagsFromString('--expose-gc');
const collect: unknown = runInNewContext('gc');
if (typeof collect !== 'function') throw new Error('this Node collects no garbage when asked');
setInterval(() => {
  collect();
}, COLLECT_EVERY_MS).unref();
