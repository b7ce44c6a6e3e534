import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { startBroker, type Broker } from '../support/start-broker.ts';

const MEGABYTE = 1024 * 1024;
const UPLOAD_BYTES = 190 * MEGABYTE;
const LINE_BYTES = 4000;
/** What the API may grow by while all of that passes through it. */
const MOST_GROWTH_BYTES = 100 * MEGABYTE;
const SAMPLE_MS = 50;

async function startFilesBroker(): Promise<Broker> {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-upload-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const broker = await startBroker({
    kinds: [],
    configuration: `files: { path: ${JSON.stringify(folder)} }\n`,
  });
  onTestFinished(() => broker.stop());
  return broker;
}

/** Memory of a process that is in use now, as Linux counts it. */
function residentBytes(pid: number): number {
  const [, kilobytes] =
    /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}

/** The most that the API's memory grows by while something happens. */
async function growthDuring<Result>(
  broker: Broker,
  happen: () => Promise<Result>,
): Promise<{ growth: number; result: Result }> {
  const pid = broker.services.get('api')?.pid ?? 0;
  const before = residentBytes(pid);
  let most = before;
  const stop = new AbortController();
  const watch = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      most = Math.max(most, residentBytes(pid));
      await sleep(SAMPLE_MS);
    }
  };
  const watching = watch();
  const result = await happen().finally(() => stop.abort());
  await watching;
  return { growth: most - before, result };
}

interface Streamed {
  path: string;
  contentType: string;
  body: Iterable<string>;
}

/** Sends a body chunk by chunk, as fast as it is taken. */
async function send(broker: Broker, { path, contentType, body }: Streamed) {
  const request = httpRequest(`${broker.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${broker.apiKey}`, 'content-type': contentType },
  });
  const answered = new Promise<{ status: number; text: string }>((resolve, reject) => {
    request.on('error', reject);
    request.on('response', (response) => {
      void text(response).then(
        (content) => resolve({ status: response.statusCode ?? 0, text: content }),
        reject,
      );
    });
  });
  await pipeline(Readable.from(body), request);
  return answered;
}

/** The same thing again and again, up to a size; a few hundred in one piece. */
function* repeated(bytes: number, one: (number: number) => string): Generator<string> {
  let sent = 0;
  for (let number = 0; sent < bytes;) {
    let piece = '';
    for (const last = number + 64; number < last; number += 1) piece += one(number);
    sent += piece.length;
    yield piece;
  }
}

const PROMPT = 'word '.repeat(LINE_BYTES / 5);

const line = (number: number): string =>
  `{"custom_id":"${number}","method":"POST","url":"/v1/chat/completions","body":{"model":"m","x":"${PROMPT}"}}\n`;

function* fileForm(): Generator<string> {
  const disposition = 'content-disposition: form-data; name=';
  yield `--x\r\n${disposition}"file"; filename="in.jsonl"\r\n\r\n`;
  yield* repeated(UPLOAD_BYTES, line);
  yield `\r\n--x\r\n${disposition}"purpose"\r\n\r\nbatch\r\n--x--\r\n`;
}

const request = (number: number): string =>
  `${number === 0 ? '' : ','}{"custom_id":"r${number}","params":{"model":"m","max_tokens":5,"messages":[{"role":"user","content":"${PROMPT}"}]}}`;

function* batchBody(): Generator<string> {
  yield '{"requests":[';
  yield* repeated(UPLOAD_BYTES, request);
  yield ']}';
}

test.runIf(process.platform === 'linux')(
  'a file of 190 MB passes through the API without its memory growing by 100 MB',
  { timeout: 120_000 },
  async () => {
    const broker = await startFilesBroker();
    const { growth, result } = await growthDuring(broker, () =>
      send(broker, {
        path: '/v1/files',
        contentType: 'multipart/form-data; boundary=x',
        body: fileForm(),
      }),
    );
    expect(result).toMatchObject({ status: 200 });
    expect(JSON.parse(result.text).bytes).toBeGreaterThanOrEqual(UPLOAD_BYTES);
    console.log(`file: the API's memory grew by ${Math.round(growth / MEGABYTE)} MB`);
    expect(growth).toBeLessThan(MOST_GROWTH_BYTES);
  },
);

test.runIf(process.platform === 'linux')(
  'a message batch of 190 MB in one body passes through the API in the same way',
  { timeout: 120_000 },
  async () => {
    const broker = await startFilesBroker();
    const { growth, result } = await growthDuring(broker, () =>
      send(broker, {
        path: '/anthropic/v1/messages/batches',
        contentType: 'application/json',
        body: batchBody(),
      }),
    );
    expect(result).toMatchObject({ status: 200 });
    expect(JSON.parse(result.text).request_counts.processing).toBeGreaterThan(40_000);
    console.log(`message batch: the API's memory grew by ${Math.round(growth / MEGABYTE)} MB`);
    expect(growth).toBeLessThan(MOST_GROWTH_BYTES);
  },
);
