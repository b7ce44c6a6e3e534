import { join } from 'node:path';

/** Where Node keeps what it compiles of services that tests start: each starts in half the time then. */
export const compileCache =
  process.env['NODE_COMPILE_CACHE'] ??
  join(import.meta.dirname, '../../node_modules/.cache/compiled-in-tests');
