/**
 * The HTTP half of the program a good engineer writes by hand: takes a job, stores its payload
 * once beside the queue entry, queues it with a priority, answers 202.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { startDoneListener } from './done-listener.ts';
import { environmentVariable, PRIORITY_BY_NAME, QUEUE_NAME, recordKey } from './settings.ts';

const priorities: Readonly<Record<string, number>> = PRIORITY_BY_NAME;

const redis = new Redis(environmentVariable('REDIS_URL'), { maxRetriesPerRequest: null });
const authorization = `Bearer ${environmentVariable('YARDSTICK_API_KEY')}`;
const done = await startDoneListener(redis.duplicate());
const queue = new Queue<null>(QUEUE_NAME, {
  connection: redis,
  streams: { events: { maxLen: 1000 } },
});

// Clients keep their connections; one that is closed while they use it again costs them an error.
const server = createServer({ keepAliveTimeout: 72_000 }, (request, response) => {
  handle(request, response).catch((error: unknown) => {
    console.error(error);
    if (!response.headersSent) send(response, 500, { error: 'internal error' });
  });
});
server.listen(Number(environmentVariable('PORT')), '127.0.0.1');

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.headers.authorization !== authorization) {
    send(response, 401, { error: 'unknown key' });
  } else if (request.method === 'POST' && request.url === '/v1/jobs') {
    await submit(request, response);
  } else if (request.method === 'GET' && request.url?.startsWith('/v1/jobs/')) {
    await show(request.url.slice('/v1/jobs/'.length), response);
  } else {
    send(response, 404, { error: 'not found' });
  }
}

async function submit(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const job = JSON.parse(await text(request));
  const priority = priorities[job.priority ?? 'normal'];
  if (typeof job.body?.model !== 'string' || priority === undefined) {
    send(response, 400, { error: 'body.model must be a string, priority high, normal or low' });
    return;
  }
  const id = randomUUID();
  const waitSeconds = Number(/wait=(\d+)/.exec(String(request.headers.prefer))?.[1] ?? 0);
  const ended = waitSeconds > 0 ? done.wait(id, waitSeconds * 1000) : undefined;
  const createdAt = new Date().toISOString();
  const payload = JSON.stringify(job.body);
  await redis.hset(recordKey(id), { status: 'queued', payload, created_at: createdAt });
  await queue.add('job', null, { jobId: id, priority });
  if (await ended) await show(id, response);
  else send(response, 202, { id, status: 'queued', created_at: createdAt });
}

async function show(id: string, response: ServerResponse): Promise<void> {
  const members = ['status', 'created_at', 'completed_at', 'error', 'result'] as const;
  const [status, created_at, completed_at, error, result] = await redis.hmget(
    recordKey(id),
    ...members,
  );
  if (status === null || status === undefined) {
    send(response, 404, { error: `no job ${id}` });
    return;
  }
  const body = result ? { body: JSON.parse(result) } : undefined;
  send(response, 200, { id, status, created_at, completed_at, error, result: body });
}

function send(response: ServerResponse, status: number, body: object): void {
  const payload = JSON.stringify(body);
  response
    .writeHead(status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(payload),
    })
    .end(payload);
}
