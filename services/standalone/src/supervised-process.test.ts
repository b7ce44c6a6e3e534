import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { superviseProcess } from './supervised-process.ts';

/** Supervises a script; `lines` and `ends` resolve as they come. */
function supervise(script: string) {
  const path = join(mkdtempSync(join(tmpdir(), 'understudy-child-')), 'child.mjs');
  writeFileSync(path, script);
  const lines: string[] = [];
  const ends: { reason: string; failures: number; restartInMs: number }[] = [];
  const supervised = superviseProcess({
    name: 'child',
    args: [path],
    env: process.env,
    onLine: (line) => lines.push(line),
    onUnexpectedEnd: (end) => ends.push(end),
    onRunningAgain: () => lines.push('runs again'),
  });
  onTestFinished(() => supervised.kill());
  return { supervised, lines, ends };
}

function isAlive(pid: number) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('a process that dies is started again, with growing pauses', async () => {
  const { ends, lines } = supervise('console.log(process.pid); process.exitCode = 3;');
  await expect.poll(() => lines.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(3);
  expect(ends.slice(0, 2)).toEqual([
    { reason: 'exit code 3', failures: 1, restartInMs: 250 },
    { reason: 'exit code 3', failures: 2, restartInMs: 500 },
  ]);
});

test('a process that keeps running once it is started again is told of, one time', async () => {
  const { lines, ends } = supervise('setInterval(() => {}, 1000); console.log(process.pid);');
  await expect.poll(() => lines.length, { timeout: 10_000 }).toBe(1);
  process.kill(Number(lines[0]), 'SIGKILL');
  await expect.poll(() => lines.length, { timeout: 15_000 }).toBe(3);
  expect(lines[2]).toBe('runs again');
  expect(ends).toHaveLength(1);
});

test('one that was stopped stays away, also when it takes no SIGTERM', async () => {
  const { supervised, lines, ends } = supervise(
    "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log(process.pid);",
  );
  await expect.poll(() => lines.length, { timeout: 10_000 }).toBe(1);
  await supervised.stop(100);
  expect(isAlive(Number(lines[0]))).toBe(false);
  expect(ends).toEqual([]);
});

test('what a process leaves running when it ends does not outlive a stop', async () => {
  const { supervised, lines, ends } = supervise(
    `import { spawn } from 'node:child_process';
     const script = 'const server = require("node:net").createServer();' +
       'server.listen(0, "127.0.0.1", () => console.log(server.address().port));';
     spawn(process.execPath, ['--eval', script], { stdio: 'inherit' });`,
  );
  await expect.poll(() => lines.length, { timeout: 10_000 }).toBe(1);
  await supervised.stop(100);
  await expect(fetch(`http://127.0.0.1:${lines[0]}`)).rejects.toThrow('fetch failed');
  expect(ends).toEqual([]);
});
