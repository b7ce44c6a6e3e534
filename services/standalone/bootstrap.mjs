// Plain JavaScript for any Node from 20 on, without dependencies: it runs before anything is
// installed, puts the packages and the repository's own Node in place, and hands over to them.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants as fileConstants,
  existsSync,
  mkdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readCommandLine, USAGE, UsageError } from './command-line.mjs';

const PNPM_VERSION = '12.21.0';
const PNPM_MAJOR = 12;
const SHELL_WATCH_MS = 500;

/** Run one after another before the tests. */
const TESTS_NEED = [
  'services/standalone/src/ensure-redis.ts',
  'services/standalone/src/ensure-chromium.ts',
  'packages/console/ensure-built.ts',
];

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const binaries = join(root, 'node_modules/.bin');
const stampPath = join(root, 'node_modules/.understudy-lockfile');
/** Every service is a process that reads the same packages: compiled once, a start takes half as long. */
const compileCache = join(root, 'node_modules/.cache/understudy-compiled');
const [command, ...args] = process.argv.slice(2);

class SetupError extends Error {}

try {
  process.exitCode = await run();
} catch (error) {
  if (!(error instanceof SetupError || error instanceof UsageError)) throw error;
  process.stderr.write(`understudy: ${error.message}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

async function run() {
  if (command === 'start') return start();
  if (command === 'test') return test();
  throw new UsageError('say what to do: bootstrap.mjs start or bootstrap.mjs test.');
}

async function start() {
  const options = readCommandLine(args, process.env);
  if (options.help) return say(USAGE);
  if (options.version) return say(`${packageJson().version}\n`);
  installPackages();
  // Says itself what failed; everything but the page in the browser works without it.
  await handOver([join(root, 'packages/console/ensure-built.ts')]);
  const found = options.configPath === undefined ? configurationHere() : [];
  return handOver([join(root, 'services/standalone/src/main.ts'), ...found, ...args]);
}

/** What is handed over runs in the folder of the repository, wherever this was started. */
function configurationHere() {
  const path = resolve('understudy.yaml');
  return existsSync(path) ? ['--config', path] : [];
}

async function test() {
  installPackages();
  for (const needed of TESTS_NEED) {
    const code = await handOver([join(root, needed)]);
    if (code !== 0) return code;
  }
  // Where CI wants its figures; beside the output for people.
  const report = process.env.UNDERSTUDY_TEST_REPORT;
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  return handOver([vitest, 'run', ...(report ? reporters : []), ...args]);
}

function say(text) {
  process.stdout.write(text);
  return 0;
}

function packageJson() {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
}

/** Skipped while the installed packages are in step with the lockfile. */
function installPackages() {
  const lockfile = readFileSync(join(root, 'pnpm-lock.yaml'));
  const stamp = createHash('sha256').update(lockfile).digest('hex');
  const installed = existsSync(stampPath) ? readFileSync(stampPath, 'utf8') : '';
  if (installed === stamp && existsSync(join(binaries, 'node'))) return;

  makeFolder(join(root, 'node_modules'));
  const startedAt = Date.now();
  process.stdout.write('Installing packages (the first time this takes about a minute) ...\n');
  const pnpm = findPnpm() ?? installPnpm();
  runQuietly(pnpm, ['install', '--frozen-lockfile'], 'the packages could not be installed');
  if (!existsSync(join(binaries, 'node'))) {
    throw new SetupError(
      `${join(binaries, 'node')} is missing after the install; remove node_modules and try again.`,
    );
  }
  writeFileSync(stampPath, stamp);
  process.stdout.write(`Packages are there (${Math.round((Date.now() - startedAt) / 1000)} s).\n`);
}

function findPnpm() {
  const own = join(root, '.data/tools/node_modules/.bin/pnpm');
  return ['pnpm', own].find((candidate) => {
    // From a folder without a package.json, where no version switch can interfere.
    const result = spawnSync(candidate, ['--version'], { cwd: dirname(root), encoding: 'utf8' });
    return result.status === 0 && Number.parseInt(result.stdout, 10) >= PNPM_MAJOR;
  });
}

/** Into .data/tools, never globally. */
function installPnpm() {
  const tools = join(root, '.data/tools');
  makeFolder(tools);
  const install = ['install', '--prefix', tools, '--no-save', '--no-audit', '--no-fund'];
  runQuietly('npm', [...install, `pnpm@${PNPM_VERSION}`], 'pnpm could not be installed with npm');
  return join(tools, 'node_modules/.bin/pnpm');
}

function makeFolder(path) {
  try {
    mkdirSync(path, { recursive: true });
    accessSync(path, fileConstants.W_OK);
  } catch (error) {
    // Node reports a read-only file system as ENOENT when it makes folders recursively.
    const reason = error.code === 'ENOENT' ? 'is the file system read-only?' : error.code;
    throw new SetupError(
      `the folder ${path} cannot be written (${reason}); give this user the right to write there.`,
    );
  }
}

function runQuietly(program, programArgs, failure) {
  const result = spawnSync(program, programArgs, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    // Without a terminal pnpm asks no questions.
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, CI: 'true' },
  });
  if (result.status === 0) return;
  const output = `${result.stdout ?? ''}${result.stderr ?? ''}`.trim().split('\n').slice(-15);
  const reason = result.error?.message ?? output.join('\n');
  throw new SetupError(
    `${failure}:\n${reason}\nCheck the network and the npm registry, then try again.`,
  );
}

/**
 * Runs under the repository's own Node, passes signals on and takes over the exit code.
 * The channel lets the child notice when this process is killed.
 */
function handOver(childArgs) {
  const child = spawn(join(binaries, 'node'), childArgs, {
    cwd: root,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: {
      NODE_COMPILE_CACHE: compileCache,
      ...process.env,
      PATH: `${binaries}${delimiter}${process.env.PATH ?? ''}`,
    },
  });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  const passOn = (signal) => child.kill(signal);
  for (const signal of signals) process.on(signal, passOn);
  const shellWatch = watchShell(() => passOn('SIGTERM'));
  return new Promise((done, reject) => {
    child.once('error', (error) => {
      reject(new SetupError(`${join(binaries, 'node')} cannot run: ${error.message}`));
    });
    child.once('close', (code, signal) => {
      for (const name of signals) process.off(name, passOn);
      clearInterval(shellWatch);
      done(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}

/**
 * npm runs this below a shell that ends with a signal instead of passing it on. Only below npm:
 * by hand it may well be started to outlive its shell.
 */
function watchShell(onGone) {
  if (process.env.npm_lifecycle_event === undefined) return undefined;
  const shell = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(watch);
    onGone();
  }, SHELL_WATCH_MS);
  return watch;
}
