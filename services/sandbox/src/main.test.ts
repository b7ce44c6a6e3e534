import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, expect, test } from 'vitest';

const MAIN = new URL('main.ts', import.meta.url).pathname;
let child: ChildProcess;
afterEach(() => child.kill('SIGKILL'));

async function firstLine(): Promise<{ sandbox: { url: string } }> {
  if (!child.stdout) throw new Error('the sandbox was started without a pipe for its output');
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return JSON.parse(line);
}

test('the process says where it listens, answers there, and ends with 0 at SIGTERM', async () => {
  child = spawn(process.execPath, [MAIN], { env: { ...process.env, SANDBOX_PORT: '0' } });
  const { sandbox } = await firstLine();
  const response = await fetch(`${sandbox.url}/sandbox/configuration`);
  expect(await response.text()).toContain(`${sandbox.url}/openai/v1`);
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});

test('the process ends when the one that started it goes away', async () => {
  child = fork(MAIN, { silent: true });
  await firstLine();
  const ended = once(child, 'exit');
  child.disconnect();
  expect(await ended).toEqual([0, null]);
});

test('a port that is none is refused with the value and the remedy', async () => {
  child = spawn(process.execPath, [MAIN], { env: { ...process.env, SANDBOX_PORT: 'web' } });
  let output = '';
  child.stderr?.on('data', (chunk) => (output += String(chunk)));
  const [code] = await once(child, 'close');
  expect(code).not.toBe(0);
  expect(output).toContain('SANDBOX_PORT is "web"; give a port');
});
