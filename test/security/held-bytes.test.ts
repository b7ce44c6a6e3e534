import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { heldBytes } from './held-bytes.ts';

const MEGABYTE = 1024 * 1024;
/** Of some forty megabytes of garbage, and of two hundred that were held. */
const NEARLY_NOTHING = 5 * MEGABYTE;

/** Holds or drops what it is told to, and makes ten times as much garbage on the way. */
const PROGRAM = `
  const held = { objects: [], buffers: [] };
  require('node:readline').createInterface({ input: process.stdin }).on('line', (what) => {
    for (let i = 0; i < 500_000; i += 1) ({ garbage: [i, String(i)] });
    if (what === 'objects') for (let i = 0; i < 200_000; i += 1) held.objects.push({ i, text: 'x' + i });
    if (what === 'buffers') for (let i = 0; i < 20_000; i += 1) held.buffers.push(Buffer.alloc(9000));
    if (what === 'nothing') held.objects = held.buffers = [];
    console.log('done');
  });
`;

test('what a process holds is counted, in its heap and beside it, and its garbage is not', async () => {
  const child = spawn(process.execPath, ['--inspect=127.0.0.1:0', '--eval', PROGRAM]);
  onTestFinished(() => void child.kill());
  const output: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => output.push(line));
  const answers = createInterface({ input: child.stdout });
  const heldAfter = async (what: string): Promise<number> => {
    const done = once(answers, 'line');
    child.stdin.write(`${what}\n`);
    await done;
    return heldBytes(output);
  };
  const before = await heldAfter('garbage');
  expect(Math.abs((await heldAfter('garbage')) - before)).toBeLessThan(NEARLY_NOTHING);
  const withObjects = await heldAfter('objects');
  expect(withObjects - before).toBeGreaterThan(10 * MEGABYTE);
  expect((await heldAfter('buffers')) - withObjects).toBeGreaterThan(150 * MEGABYTE);
  await heldAfter('nothing');
  // What stands beside the heap is given back a little later.
  await expect.poll(async () => (await heldBytes(output)) - before).toBeLessThan(NEARLY_NOTHING);
});
