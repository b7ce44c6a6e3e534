import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, onTestFinished, test, vi } from 'vitest';

vi.setConfig({ testTimeout: 30_000 });

const bootstrap = join(import.meta.dirname, '../bootstrap.mjs');
/** The Node of the machine, older than the repository's own where there is one. */
const systemNode =
  (process.env['PATH'] ?? '')
    .split(':')
    .filter((folder) => !folder.includes('node_modules'))
    .map((folder) => join(folder, 'node'))
    .find((path) => existsSync(path)) ?? process.execPath;

/** Where no configuration lies. */
const emptyFolder = mkdtempSync(join(tmpdir(), 'understudy-empty-'));
afterAll(() => rmSync(emptyFolder, { recursive: true }));

function run(
  args: readonly string[],
  env: Record<string, string> = {},
  { program = bootstrap, cwd = emptyFolder } = {},
) {
  const path = { PATH: process.env['PATH'], HOME: process.env['HOME'] };
  const options = {
    cwd,
    encoding: 'utf8',
    env: { ...path, ...env },
    timeout: 20_000,
    killSignal: 'SIGKILL',
  } as const;
  return spawnSync(systemNode, [program, ...args], options);
}

test('help and version come from any Node, before anything is installed', () => {
  const help = run(['start', '--help']);
  expect(help.stdout).toContain('--no-install');
  expect(help.status).toBe(0);
  expect(run(['start', '--version']).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test.each([
  [['start', '--prot', '1'], {}, "Unknown option '--prot'"],
  [['start', '--port', 'http'], {}, '--port is "http"; give a port number'],
  [['start'], { PORT: '70000' }, 'the environment variable PORT is "70000"'],
  [['begin'], {}, 'bootstrap.mjs start or bootstrap.mjs test'],
])('%j is one message and exit code 2', (args, env, message) => {
  const { stderr, status } = run(args, env);
  expect(stderr).toContain(message);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(status).toBe(2);
});

test('a busy port is named with the remedy, and nothing is left running', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const data = mkdtempSync(join(tmpdir(), 'understudy-data-'));
  const { stderr, status } = run(['start', '--port', String(port), '--data', data]);
  expect(stderr).toBe(
    `understudy: port ${port} on 127.0.0.1 is in use by another process; stop it, or choose another with --port.\n`,
  );
  expect(status).toBe(1);
});

test('a configuration with several mistakes has them all listed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-config-'));
  const path = join(folder, 'understudy.yaml');
  writeFileSync(path, 'providers: { a: { kind: antropic } }\nroutes: { r: { targets: [] } }\n');
  const { stderr, status } = run(['start', '--port', '0', '--config', path, '--data', folder]);
  expect(stderr).toContain(`the configuration ${path} has 2 problems:\n`);
  expect(stderr).toContain('did you mean "anthropic"?');
  expect(stderr).toContain('routes.r.targets: is empty');
  expect(status).toBe(1);
});

test.each([
  [
    'is taken where none is named',
    [],
    {},
    'the configuration HERE/understudy.yaml has a problem:\n',
  ],
  [
    'is not taken where the environment names one',
    [],
    { UNDERSTUDY_CONFIG: 'HERE/named.yaml' },
    'the configuration HERE/named.yaml has a problem:\n',
  ],
  [
    'is not taken in place of one that is missing',
    ['--config', 'HERE/missing.yaml'],
    {},
    '"HERE/missing.yaml" cannot be read',
  ],
])('the understudy.yaml of the current folder %s', (_when, args, env, message) => {
  const cwd = realpathSync(mkdtempSync(join(tmpdir(), 'understudy-here-')));
  onTestFinished(() => rmSync(cwd, { recursive: true }));
  for (const name of ['understudy.yaml', 'named.yaml']) {
    writeFileSync(join(cwd, name), 'routes: { r: { targets: [] } }\n');
  }
  const here = (text: string) => text.replace('HERE', cwd);
  const variables = Object.entries(env).map(([name, value]) => [name, here(value)]);
  const { stderr, status } = run(
    ['start', '--port', '0', '--data', join(cwd, 'data'), ...args.map(here)],
    Object.fromEntries(variables),
    { cwd },
  );
  expect(stderr).toContain(here(message));
  expect(status).toBe(1);
});

test('a data folder that cannot be made is named with the remedy', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'understudy-data-')), 'a-file');
  writeFileSync(file, '');
  const { stderr, status } = run(['start', '--port', '0', '--data', join(file, 'data')]);
  expect(stderr).toMatch(
    /the data folder .*a-file\/data cannot be used: .*a-file is no folder, .* --data\.\n$/,
  );
  expect(status).toBe(1);
});

test('packages that cannot be installed for want of a folder are no matter of the network', () => {
  const root = mkdtempSync(join(tmpdir(), 'understudy-root-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const folder = join(root, 'services/standalone');
  mkdirSync(folder, { recursive: true });
  for (const name of ['bootstrap.mjs', 'command-line.mjs']) {
    copyFileSync(join(import.meta.dirname, '..', name), join(folder, name));
  }
  writeFileSync(join(root, 'pnpm-lock.yaml'), '');
  writeFileSync(join(root, 'node_modules'), '');
  const { stderr, status } = run(['start'], {}, { program: join(folder, 'bootstrap.mjs') });
  expect(stderr).toBe(
    `understudy: the folder ${root}/node_modules cannot be written (EEXIST); give this user the right to write there.\n`,
  );
  expect(status).toBe(1);
});
