import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const launcher = join(import.meta.dirname, '../understudy.mjs');
/** The Node of the machine, older than the repository's own where there is one. */
const systemNode =
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => !folder.includes('node_modules'))
    .map((folder) => join(folder, 'node'))
    .find((path) => existsSync(path)) ?? process.execPath;

const run = (
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  node = systemNode,
) =>
  spawnSync(node, [launcher, ...args], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], ...environment },
    timeout: 60_000,
  });

test('any Node starts it, and gets its output and its exit code', { timeout: 120_000 }, () => {
  expect(run(['--version'])).toMatchObject({ status: 0, stdout: '0.1.0\n', stderr: '' });
  const refused = run(['get']);
  expect(refused.status).toBe(2);
  expect(refused.stderr).toContain("missing required argument 'id'");
});

test.each([systemNode, process.execPath])(
  'where nothing that %s compiles can be kept, it runs all the same',
  { timeout: 120_000 },
  (node) => {
    const nowhere = { NODE_COMPILE_CACHE: join(launcher, 'is-no-folder') };
    const ran = run(['--version'], nowhere, node);
    expect(ran).toMatchObject({ status: 0, stdout: '0.1.0\n', stderr: '' });
  },
);

test('it runs through a link from elsewhere', { timeout: 120_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-link-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const link = join(folder, 'understudy');
  symlinkSync(launcher, link);
  const linked = spawnSync(link, ['--version'], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
    timeout: 60_000,
  });
  expect(linked).toMatchObject({ status: 0, stdout: '0.1.0\n', stderr: '' });
});

test('a shell is told which commands, options and files may follow', { timeout: 120_000 }, () => {
  expect(run(['complete', '--', 'batch', 'r']).stdout).toContain('run\t');
  expect(run(['complete', '--', 'ls', '--status', 'fa']).stdout).toContain('failed\t');
  const here = join(import.meta.dirname, 'launcher.t');
  expect(run(['complete', '--', 'batch', 'run', here]).stdout).toContain('launcher.test.ts\t');
  expect(run(['completion', 'bash']).stdout).toContain('understudy complete --');
});
