import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { sendProblem, startServer } from './testing/start-server.ts';
import type { Serve } from './testing/start-server.ts';
import { Understudy } from './understudy.ts';

const never: Serve = () => undefined;
const later: Serve = (_number, _request, response) =>
  sendProblem(response, 503, 'unavailable', { 'retry-after': '30' });
/** A stream that ends, and asks to be left alone for a while. */
const brokenStream: Serve = (_number, _request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.end('retry: 30000\n\n');
};

test.each([
  ['a call that is not answered', never, (client: Understudy) => client.models()],
  ['a wait that is not answered', never, (client: Understudy) => client.wait('job_1')],
  ['a pause before the next try', later, (client: Understudy) => client.cancel('job_1')],
  ['a listener who is to come back', brokenStream, (client: Understudy) => client.events().next()],
] as const)(
  "the client's own signal ends %s",
  async (_what, serve, call) => {
    const { url, requests } = await startServer(serve);
    const end = new AbortController();
    const client = new Understudy({ baseUrl: url, apiKey: 'a-key', signal: end.signal });
    const calling = call(client);
    await expect.poll(() => requests.length).toBe(1);
    setTimeout(() => end.abort(new Error('enough')), 100);
    await expect(calling).rejects.toThrow('enough');
    await expect(client.get('job_1')).rejects.toThrow('enough');
    expect(requests).toHaveLength(1);
  },
  15_000,
);

const oneEvent: Serve = (_number, _request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write('id: 1\nevent: job.completed\ndata: {}\n\n');
};

async function nextButOne(client: Understudy): Promise<unknown> {
  const events = client.events();
  await events.next();
  return events.next();
}

test.each([
  ['a call that is not answered', never, (client: Understudy) => client.models()],
  ['a listener to whom nothing more is told', oneEvent, nextButOne],
] as const)(
  'a signal ends %s also after garbage was collected',
  async (_what, serve, call) => {
    setFlagsFromString('--expose-gc');
    const collectGarbage: () => void = runInNewContext('gc');
    const { url, requests } = await startServer(serve);
    const end = new AbortController();
    const calling = call(new Understudy({ baseUrl: url, apiKey: 'a-key', signal: end.signal }));
    await expect.poll(() => requests.length).toBe(1);
    for (let times = 0; times < 5; times += 1) {
      await sleep(50);
      collectGarbage();
    }
    end.abort(new Error('enough'));
    await expect(calling).rejects.toThrow('enough');
  },
  15_000,
);
