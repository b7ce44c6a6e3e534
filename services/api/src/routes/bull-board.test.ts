import { request as httpRequest } from 'node:http';
import { expect, test } from 'vitest';
import { redisContents } from '../../../../test/support/redis-contents.ts';
import { issueKey } from '../testing/admin-calls.ts';
import { collectRoutes } from '../testing/collect-routes.ts';
import { API_KEY, chatJob, startTestApi, submit } from '../testing/start-test-api.ts';
import type { TestApi } from '../testing/start-test-api.ts';

const BOARD = '/admin/queues';
const CANARY = 'canary-of-the-prompt';

const basic = (password: string, user = 'operator'): { authorization: string } => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
});

async function open(): Promise<{
  api: TestApi;
  id: string;
  look(path: string): Promise<Response>;
}> {
  const api = await startTestApi();
  const id = await submit(
    api,
    chatJob(
      { metadata: { customer: CANARY }, callback: { url: `https://a.example/${CANARY}` } },
      { messages: [{ role: 'user', content: CANARY }] },
    ),
  );
  return {
    api,
    id,
    look: (path) => fetch(`${api.url}${BOARD}${path}`, { headers: basic(API_KEY) }),
  };
}

test('the board asks a browser for a password, and takes a key of the scope admin as one', async () => {
  const api = await startTestApi();
  const reader = await issueKey(api, { scopes: ['submit', 'read'] });
  const administrator = await issueKey(api, { scopes: ['admin'] });
  const ask = async (headers: Record<string, string>) => {
    const response = await fetch(`${api.url}${BOARD}`, { headers });
    return [response.status, response.headers.get('www-authenticate')];
  };
  const challenge = 'Basic realm="Understudy", charset="UTF-8"';
  expect(await ask({})).toEqual([401, challenge]);
  expect(await ask(basic('not-the-right-key-at-all'))).toEqual([401, challenge]);
  expect(await ask(basic(''))).toEqual([401, challenge]);
  expect(await ask({ authorization: 'Basic !!!' })).toEqual([401, challenge]);
  expect(await ask({ authorization: `Basic ${btoa(administrator.key)}` })).toEqual([
    401,
    challenge,
  ]);
  expect(await ask(basic(reader.key))).toEqual([403, null]);
  expect(await ask(basic(administrator.key))).toEqual([200, null]);
  expect(await ask(basic(administrator.key, ''))).toEqual([200, null]);
  expect(await ask({ authorization: `Bearer ${administrator.key}` })).toEqual([200, null]);
});

test('nothing but the board takes a password', async () => {
  const api = await startTestApi();
  for (const path of ['/v1/jobs', '/v1/admin/keys', '/admin/elsewhere']) {
    const response = await fetch(`${api.url}${path}`, { headers: basic(API_KEY) });
    expect([path, response.status]).toEqual([path, 401]);
  }
});

test('a queue shows its entries by ids alone', async () => {
  const { id, look } = await open();
  const listed = await look(`/api/queues?activeQueue=${encodeURIComponent('{main}')}`);
  expect(listed.status).toBe(200);
  const { queues } = (await listed.json()) as {
    queues: { name: string; readOnlyMode: boolean; jobs: { id: string; data: object }[] }[];
  };
  expect(queues.map(({ name }) => name)).toEqual(['{main}', '{backup}', 'deliveries:{webhooks}']);
  expect(queues.every(({ readOnlyMode }) => readOnlyMode)).toBe(true);
  const [entry] = queues[0]?.jobs ?? [];
  expect(entry?.data).toEqual({ v: 1, project: 'default', id, turn: 1 });
  const one = await look(`/api/queues/${encodeURIComponent('{main}')}/${entry?.id}`);
  expect(await one.json()).toMatchObject({ status: 'prioritized', job: { data: { id } } });
});

test('no answer of the board holds what a caller wrote, and none sends for anything elsewhere', async () => {
  const { built, routes } = await collectRoutes(open);
  const { api, id, look } = built;
  expect(await redisContents(api.dispatch.redis, api.dispatch.keyPrefix)).toContain(CANARY);
  const entry = `default.${id}.1`;
  const looks = routes.filter(({ method, url }) => method === 'GET' && url.startsWith(BOARD));
  expect(looks.length).toBeGreaterThan(15);
  for (const { url } of looks) {
    const path = url
      .slice(BOARD.length)
      .replace(':queueName', encodeURIComponent('{main}'))
      .replace(':jobId', entry)
      .replace('*', 'images/logo.svg');
    const response = await look(path);
    const text = await response.text();
    expect([url, response.status, text.includes(CANARY)]).toEqual([url, expect.any(Number), false]);
    expect([url, response.status]).not.toEqual([url, 500]);
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toMatch(/unsafe|data:|https?:|\*/);
  }
  expect(await (await look('')).text()).not.toMatch(/https?:/);
});

test('whatever would change a queue is not there, and changes nothing', async () => {
  const { api, id } = await open();
  const before = await api.dispatch.queue.counts('main');
  expect(before).toEqual({ waiting: 1, active: 0, resting: 0 });
  const queue = encodeURIComponent('{main}');
  const entry = `default.${id}.1`;
  const changes = [
    ...['pause', 'resume'].map((what) => ['PUT', `/api/queues/${what}`]),
    ...['retry/failed', 'promote', 'clean/wait', 'pause', 'resume', 'concurrency', 'rate-limit']
      .concat('rate-limit/release', 'empty', 'obliterate', 'job-schedulers/x/remove')
      .concat('job-schedulers/x/run', `${entry}/retry`, `${entry}/clean`, `${entry}/promote`)
      .concat(`${entry}/remove-unprocessed-children`)
      .map((what) => ['PUT', `/api/queues/${queue}/${what}`]),
    ...['job-schedulers/x', `${entry}/update-data`, `${entry}/delay`, `${entry}/priority`].map(
      (what) => ['PATCH', `/api/queues/${queue}/${what}`],
    ),
    ['POST', `/api/queues/${queue}/add`],
    ['POST', '/api/metrics/history/purge'],
    ['DELETE', `/api/queues/${queue}/${entry}`],
  ];
  for (const [method = '', path = ''] of changes) {
    const response = await fetch(`${api.url}${BOARD}${path}`, {
      method,
      headers: { 'x-api-key': API_KEY, 'content-type': 'application/json' },
      body: '{"name":"turn","data":{},"jobData":{},"concurrency":1,"delay":1,"priority":1}',
    });
    expect([method, path, response.status]).toEqual([method, path, expect.toBeOneOf([404, 405])]);
  }
  expect(await api.dispatch.queue.counts('main')).toEqual(before);
  const [next] = await api.dispatch.queue.first('main', 5, 1);
  expect(next).toMatchObject({ project: 'default', id, turn: 1 });
});

test('of all files only those of the board are given out', async () => {
  const { api, look } = await open();
  const logo = await look('/static/images/logo.svg');
  expect([logo.status, logo.headers.get('content-type')]).toEqual([200, 'image/svg+xml']);
  const { hostname, port } = new URL(api.url);
  for (const path of ['../index.ejs', '%2e%2e/index.ejs', '..%2f..%2fpackage.json', 'js', '']) {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      // `fetch` would resolve the dots itself.
      const asked = httpRequest(
        { hostname, port, path: `${BOARD}/static/${path}`, headers: basic(API_KEY) },
        (response) => resolve(response.resume().statusCode),
      );
      asked.on('error', reject).end();
    });
    expect([path, status]).toEqual([path, 404]);
  }
});
