import { expect, test } from 'vitest';
import { sendJson, startServer } from './testing/start-server.ts';
import { Understudy } from './understudy.ts';

test('projects are listed to the end, page by page', async () => {
  const pages = [
    { object: 'list', data: [{ name: 'default' }], has_more: true, next_after: 'default' },
    { object: 'list', data: [{ name: 'acme' }], has_more: false },
  ];
  const { url, requests } = await startServer((number, _request, response) => {
    sendJson(response, 200, pages[number]);
  });
  const client = new Understudy({ baseUrl: url, apiKey: 'a-key' });
  const names = [];
  for await (const { name } of client.projects.list()) names.push(name);
  expect(names).toEqual(['default', 'acme']);
  expect(requests.map((request) => request.path)).toEqual([
    '/v1/admin/projects?limit=100',
    '/v1/admin/projects?limit=100&after=default',
  ]);
});

test('the project that a client acts in is named with every call', async () => {
  const { url, requests } = await startServer((_number, { path }, response) => {
    if (path !== '/v1/jobs/job_1/events') return sendJson(response, 200, { data: [] });
    response.writeHead(204).end();
  });
  const client = new Understudy({ baseUrl: url, apiKey: 'a-key', project: 'acme' });
  await client.models();
  await client.events({ id: 'job_1' }).next();
  await client.files.content('file_1');
  const named = requests.map(({ headers }) => headers['understudy-project']);
  expect(named).toEqual(['acme', 'acme', 'acme']);

  await new Understudy({ baseUrl: url, apiKey: 'a-key' }).models();
  expect(requests.at(-1)?.headers).not.toHaveProperty('understudy-project');
});
