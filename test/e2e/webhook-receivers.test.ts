import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { documentBlocks, readDocument } from '../support/document-blocks.ts';
import { findFreePort } from '../support/free-port.ts';
import { ROOT } from '../support/source-tree.ts';
import type { ReceivedDelivery } from '../support/webhook-receiver.ts';
import { startWebhookScene, type WebhookScene } from '../support/webhook-scene.ts';

const PAGE = readDocument('webhooks.md');
const SECRET = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;

interface Receiver {
  name: string;
  file: string;
  language: string;
  program: string;
}

const RECEIVERS: readonly Receiver[] = [
  { name: 'TypeScript', file: 'receiver.ts', language: 'ts', program: process.execPath },
  { name: 'Python', file: 'receiver.py', language: 'python', program: 'python3' },
];

let scene: WebhookScene;
let folder: string;
let ports: number[];
/** A real delivery, to be shown to each receiver whole and tampered with. */
let delivery: ReceivedDelivery;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'understudy-receivers-'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  ports = [await findFreePort(), await findFreePort()];
  scene = await startWebhookScene({ ports });
  await scene.submit({ url: `${scene.receiver.url}/in`, secret: SECRET });
  [delivery] = (await scene.receiver.waitFor('/in')) as [ReceivedDelivery];
});
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

/** Writes the block of the page that names the file in a comment. */
function writeBlock(file: string, language: string): string {
  const block = documentBlocks(PAGE, language).find((text) => text.includes(` ${file}`));
  if (block === undefined) throw new Error(`docs/webhooks.md has no ${file}`);
  const path = join(folder, file);
  writeFileSync(path, block);
  return path;
}

/** 127: a shim whose program is not installed. */
function isMissing(program: string): boolean {
  const { error, status } = spawnSync(program, ['--version']);
  return error !== undefined || status === 127;
}

async function untilListening(port: number, program: ChildProcess): Promise<void> {
  while (program.exitCode === null) {
    const socket = createConnection(port, '127.0.0.1');
    const answers = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (answers) return;
    await sleep(50);
  }
  throw new Error(`the receiver ended with ${program.exitCode} before it listened`);
}

/** Breaks off in the middle of a body, as anybody can who reaches the receiver. */
async function hangUpHalfway(port: number): Promise<void> {
  const socket = createConnection(port, '127.0.0.1');
  await once(socket, 'connect');
  const head = 'POST / HTTP/1.1\r\nhost: receiver\r\ncontent-length: 100\r\n\r\n';
  await new Promise((resolve) => socket.write(`${head}{"half"`, resolve));
  // Long enough for it to wait for the rest, and then to take notice.
  await sleep(200);
  socket.destroy();
  await sleep(200);
}

/** The same delivery, signed as it should be but ten minutes ago. */
function recording(): Pick<ReceivedDelivery, 'headers' | 'body'> {
  const at = new Date(Date.now() - 600_000);
  const headers = {
    ...delivery.headers,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(SECRET).sign(delivery.id, at, delivery.body),
  };
  return { headers, body: delivery.body };
}

test.for(RECEIVERS)(
  'the receiver in $name takes real deliveries and refuses forged ones',
  { timeout: 60_000 },
  async ({ file, language, program }, { skip, onTestFailed }) => {
    skip(isMissing(program), `${program} is not on this machine`);
    const port = ports.shift() ?? 0;
    const child = spawn(program, [writeBlock(file, language)], {
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        PORT: String(port),
        WEBHOOK_SECRET: SECRET,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const closed = once(child, 'close');
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    }
    onTestFailed(() => console.error(`the receiver printed:\n${printed}`));
    try {
      await untilListening(port, child);
      const url = `http://127.0.0.1:${port}/`;
      const endpoint = await scene.api('POST', '/endpoints', 201, { url, secret: SECRET });
      await scene.api('POST', `/endpoints/${endpoint.id}/test`, 202);
      const settled = await scene.settled(`endpoint=${endpoint.id}`);
      expect(settled).toMatchObject({ state: 'delivered', last_status_code: 204 });
      const { id, type } = settled['event'] as { id: string; type: string };
      await expect.poll(() => printed).toContain(`verified ${id} ${type}`);

      const post = async ({ headers, body }: Pick<ReceivedDelivery, 'headers' | 'body'>) => {
        const kept = Object.entries(headers).filter(([name]) => /^(webhook|content-t)/.test(name));
        return (await fetch(url, { method: 'POST', headers: kept, body })).status;
      };
      expect(await post(delivery)).toBe(204);
      expect(await post({ ...delivery, body: `${delivery.body} ` })).toBe(400);
      const other = { ...delivery.headers, 'webhook-id': 'evt_other' };
      expect(await post({ ...delivery, headers: other })).toBe(400);
      expect(await post(recording())).toBe(400);
      await hangUpHalfway(port);
      expect(await post(delivery)).toBe(204);
      await scene.api('DELETE', `/endpoints/${endpoint.id}`, 200);
    } finally {
      child.kill();
      await closed;
    }
  },
);

test('the shell script verifies a real delivery and refuses forged ones', ({ skip }) => {
  skip(isMissing('openssl'), 'openssl is not on this machine');
  const script = writeBlock('verify.sh', 'sh');
  const run = ({ headers, body }: Pick<ReceivedDelivery, 'headers' | 'body'>, secret = SECRET) => {
    const file = join(folder, 'body');
    writeFileSync(file, body);
    const parts = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];
    const given = parts.map((name) => headers[name] ?? '');
    const env = { PATH: process.env['PATH'], WEBHOOK_SECRET: secret };
    const { status, stdout } = spawnSync('sh', [script, ...given, file], { env });
    return [status, stdout.toString()];
  };
  expect(run(delivery)).toEqual([0, `verified ${delivery.id}\n`]);
  expect(run({ ...delivery, body: `${delivery.body} ` })[0]).toBe(1);
  expect(run({ ...delivery, headers: { ...delivery.headers, 'webhook-id': 'evt_x' } })[0]).toBe(1);
  expect(run(recording())[0]).toBe(1);
  expect(run(delivery, `whsec_${Buffer.alloc(32, 6).toString('base64')}`)[0]).toBe(1);
});
