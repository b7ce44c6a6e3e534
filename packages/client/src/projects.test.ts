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
