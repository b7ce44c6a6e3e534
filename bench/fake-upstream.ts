/**
 * A provider that answers every completion after a fixed time, as a process of its own.
 * A request of more than 10 kB is answered with 30 kB, any other with 2 kB. Below `/limited` every
 * third call is answered with 429, below `/failing…` every call at once with 409 and 200 bytes: a
 * failure that leads on to the next provider and cools nobody.
 *
 * `POST /bench/state` sets what it does from then on: `{"state":"held"}` keeps every call waiting,
 * `{"state":"down"}` answers 503 to come again after `retryAfterSeconds`, `{"state":"open"}` answers.
 *
 * `GET /bench/calls` tells how many calls were answered, when the last one came and was answered,
 * and when the last failure was sent, in nanoseconds of the machine's monotonic clock, which all
 * processes share.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer, json } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { dialectAnswer } from '../services/sandbox/src/dialect-answer.ts';
import type { UpstreamState } from './upstream.ts';

const LATENCY_MS = Number(process.env['UPSTREAM_LATENCY_MS'] ?? 50);
const LARGE_REQUEST_BYTES = 10_000;
const ERROR_BYTES = 200;

const smallAnswer = answerOf(2_000);
const largeAnswer = answerOf(30_000);
const slowDown = Buffer.from('{"error":{"message":"slow down"}}');
const failure = errorOf(ERROR_BYTES);
let limitedCalls = 0;
const calls = { answered: 0, lastReceivedNs: '0', lastAnsweredNs: '0', lastFailedNs: '0' };

let state: UpstreamState = { state: 'open' };
let release = Promise.withResolvers<void>();

const server = createServer({ keepAliveTimeout: 120_000 }, (request, response) => {
  if (request.method === 'GET') send(response, Buffer.from(JSON.stringify(calls)));
  else if (request.url === '/bench/state') void changeState(request, response);
  else void complete(request, response);
});
server.listen(Number(process.env['PORT'] ?? 0), '127.0.0.1');

async function changeState(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const asked = (await json(request)) as UpstreamState;
  if (state.state === 'held') {
    release.resolve();
    release = Promise.withResolvers<void>();
  }
  state = asked;
  send(response, Buffer.from('{}'));
}

async function complete(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const receivedNs = process.hrtime.bigint();
  const body = await buffer(request);
  if (request.url?.startsWith('/failing') === true) {
    calls.lastFailedNs = String(process.hrtime.bigint());
    send(response, failure, { status: 409 });
    return;
  }
  if (request.url?.startsWith('/limited') === true && (limitedCalls += 1) % 3 === 0) {
    send(response, slowDown, { status: 429 });
    return;
  }
  if (state.state === 'held') await release.promise;
  if (state.state === 'down') {
    send(response, failure, { status: 503, retryAfterSeconds: state.retryAfterSeconds });
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

function errorOf(bytes: number): Buffer {
  return errorWith('x'.repeat(bytes - errorWith('').length));
}

function errorWith(message: string): Buffer {
  return Buffer.from(JSON.stringify({ error: { message } }));
}

function send(
  response: ServerResponse,
  body: Buffer,
  { status = 200, retryAfterSeconds }: { status?: number; retryAfterSeconds?: number } = {},
): void {
  response
    .writeHead(status, {
      'content-type': 'application/json',
      'content-length': body.length,
      ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
    })
    .end(body);
}
