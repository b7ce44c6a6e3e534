/**
 * A provider that answers every completion after a fixed time, as a process of its own.
 * A request of more than 10 kB is answered with 30 kB, any other with 2 kB. Below `/limited` every
 * third call is answered with 429.
 *
 * `GET /bench/calls` tells how many calls were answered, and when the last one came and was
 * answered, in nanoseconds of the machine's monotonic clock, which all processes share.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { dialectAnswer } from '../services/sandbox/src/dialect-answer.ts';

const LATENCY_MS = Number(process.env['UPSTREAM_LATENCY_MS'] ?? 50);
const LARGE_REQUEST_BYTES = 10_000;

const smallAnswer = answerOf(2_000);
const largeAnswer = answerOf(30_000);
const limited = { status: 429, body: Buffer.from('{"error":{"message":"slow down"}}') };
let limitedCalls = 0;
const calls = { answered: 0, lastReceivedNs: '0', lastAnsweredNs: '0' };

const server = createServer({ keepAliveTimeout: 120_000 }, (request, response) => {
  if (request.method === 'GET') send(response, Buffer.from(JSON.stringify(calls)));
  else void complete(request, response);
});
server.listen(Number(process.env['PORT'] ?? 0), '127.0.0.1');

async function complete(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const receivedNs = process.hrtime.bigint();
  const body = await buffer(request);
  if (request.url?.startsWith('/limited') === true && (limitedCalls += 1) % 3 === 0) {
    send(response, limited.body, limited.status);
    return;
  }
  await delay(LATENCY_MS);
  calls.answered += 1;
  calls.lastReceivedNs = String(receivedNs);
  calls.lastAnsweredNs = String(process.hrtime.bigint());
  send(response, body.length > LARGE_REQUEST_BYTES ? largeAnswer : smallAnswer);
}

function answerOf(bytes: number): Buffer {
  return answerWith('x'.repeat(bytes - answerWith('').length));
}

function answerWith(text: string): Buffer {
  const options = { model: 'bench', text, now: new Date() };
  return Buffer.from(JSON.stringify(dialectAnswer('chat-completions', {}, options)));
}

function send(response: ServerResponse, body: Buffer, status = 200): void {
  response
    .writeHead(status, { 'content-type': 'application/json', 'content-length': body.length })
    .end(body);
}
