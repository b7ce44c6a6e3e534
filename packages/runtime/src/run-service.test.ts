import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { closableOnce } from './run-service.ts';

test('closing twice closes once, and both callers wait for the end', async () => {
  const end = Promise.withResolvers<void>();
  let closes = 0;
  const closable = closableOnce(async () => {
    closes += 1;
    await end.promise;
  });
  const story: string[] = [];
  const both = [closable.close(), closable.close()].map((one) =>
    one.then(() => story.push('closed')),
  );
  story.push('still open');
  end.resolve();
  await Promise.all(both);
  expect(closes).toBe(1);
  expect(story).toEqual(['still open', 'closed', 'closed']);
});

test('a service whose parent goes while it starts ends at once', async () => {
  const child = fork(join(import.meta.dirname, 'testing/slow-service.ts'));
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child, 'message');
  const ended = once(child, 'exit');
  child.disconnect();
  expect(await ended).toEqual([1, null]);
});

test.each(['SIGTERM', 'SIGINT'] as const)(
  'a service that gets %s while it starts says so and ends at once with code 0',
  async (signal) => {
    const child = fork(join(import.meta.dirname, 'testing/slow-service.ts'), { silent: true });
    onTestFinished(() => void child.kill('SIGKILL'));
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await once(child, 'message');
    const ended = once(child, 'close');
    child.kill(signal);
    expect(await ended).toEqual([0, null]);
    expect(output.trim().split('\n')).toEqual([expect.stringContaining(`"signal":"${signal}"`)]);
  },
);

test('a service whose settings ask for a longer close than usual is given it', async () => {
  const child = fork(join(import.meta.dirname, 'testing/long-closing-service.ts'));
  onTestFinished(() => void child.kill('SIGKILL'));
  const told: unknown[] = [];
  child.on('message', (message) => told.push(message));
  await once(child, 'message');
  const ended = once(child, 'close');
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  expect(told).toEqual(['running', 'closed']);
});
