#!/usr/bin/env node
// Plain JavaScript for any Node from 20 on: hands over to the Node that the repository brings along,
// where this one is too old to run TypeScript.
import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import module from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = 24;

const folder = dirname(realpathSync(fileURLToPath(import.meta.url)));
const root = join(folder, '../..');
const main = join(folder, 'src/main.ts');
/** Where Node keeps what it compiles: each command but the first starts in half the time. */
const compileCache = join(folder, 'node_modules/.cache/compiled');

if (!existsSync(join(folder, 'node_modules'))) {
  process.stderr.write(
    `understudy: the packages are not installed; run "npm start" or "pnpm install" in ${root} first.\n`,
  );
  process.exitCode = 1;
} else if (Number.parseInt(process.versions.node, 10) >= OLDEST_NODE) {
  // Where the folder may not be written, a start takes as long as before.
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE ?? compileCache);
  await import(main);
} else {
  process.exitCode = await handOver(join(root, 'node_modules/.bin/node'));
}

/** Passes signals on and takes over the exit code; the channel tells the child that this one died. */
function handOver(node) {
  const child = spawn(node, [main, ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { NODE_COMPILE_CACHE: compileCache, ...process.env },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => {
    child.once('error', (error) => {
      process.stderr.write(`understudy: ${node} cannot run: ${error.message}\n`);
      resolve(1);
    });
    child.once('close', (code, signal) => {
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}
