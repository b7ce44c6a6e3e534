import { request as httpRequest } from 'node:http';
import { Readable } from 'node:stream';
import { fileKeys } from '@understudy/file-store';
import { expect, test, vi } from 'vitest';
import { deletedFileSchema, fileListSchema, fileSchema } from '../files/file-schemas.ts';
import { startFilesApi } from '../testing/start-files-api.ts';
import type { FilesApi } from '../testing/start-files-api.ts';
import { API_KEY } from '../testing/start-test-api.ts';
import { answerOf, makeKey } from '../testing/webhook-calls.ts';

const CONTENT = '{"custom_id":"a"}\n{"custom_id":"ä"}\n';
const BOUNDARY = 'a-boundary';

/** A form as text, part by part, for what no client would send. */
function form(...parts: [disposition: string, content: string][]): string {
  const blocks = parts.map(
    ([disposition, content]) =>
      `--${BOUNDARY}\r\ncontent-disposition: form-data; ${disposition}\r\n\r\n${content}\r\n`,
  );
  return `${blocks.join('')}--${BOUNDARY}--\r\n`;
}

function send(api: FilesApi, body: string, headers: Record<string, string> = {}) {
  const contentType = `multipart/form-data; boundary=${BOUNDARY}`;
  const all = { 'content-type': contentType, ...headers };
  return api.call('/v1/files', { method: 'POST', body, headers: all });
}

const FILE: [string, string] = ['name="file"; filename="in.jsonl"', CONTENT];
const PURPOSE: [string, string] = ['name="purpose"', 'batch'];

test.each(['/v1/files', '/openai/v1/files'])('what was uploaded at %s is kept', async (path) => {
  const api = await startFilesApi();
  const before = Math.floor(Date.now() / 1000);
  const file = await answerOf(await api.upload(CONTENT, { path }), 200, fileSchema);
  expect(file).toMatchObject({
    id: expect.stringMatching(/^file-[0-9a-z]{26}$/),
    object: 'file',
    bytes: Buffer.byteLength(CONTENT),
    filename: 'input.jsonl',
    purpose: 'batch',
    status: 'processed',
  });
  expect(file.expires_at).toBeGreaterThanOrEqual(before + 30 * 86_400);
  const read = await answerOf(await api.call(`${path}/${file.id}`), 200, fileSchema);
  expect(read).toEqual(file);
  const content = await api.call(`${path}/${file.id}/content`);
  expect(content.headers.get('content-length')).toBe(String(file.bytes));
  expect(await content.text()).toBe(CONTENT);
});

test('the parts of the form may come in any order', async () => {
  const api = await startFilesApi();
  for (const parts of [
    [FILE, PURPOSE],
    [PURPOSE, FILE],
  ]) {
    const file = await answerOf(await send(api, form(...parts)), 200, fileSchema);
    expect(file.filename).toBe('in.jsonl');
  }
});

function expiry(seconds: string): [string, string][] {
  return [
    ['name="expires_after[anchor]"', 'created_at'],
    ['name="expires_after[seconds]"', seconds],
  ];
}

test('a file expires when its owner says', async () => {
  const api = await startFilesApi();
  const kept = await send(api, form(FILE, PURPOSE, ...expiry('3600')));
  const file = await answerOf(kept, 200, fileSchema);
  expect((file.expires_at ?? 0) - file.created_at).toBeGreaterThanOrEqual(3599);
  expect((file.expires_at ?? 0) - file.created_at).toBeLessThanOrEqual(3600);
  for (const seconds of ['3599', '2592001', 'soon', '']) {
    const refused = await send(api, form(FILE, PURPOSE, ...expiry(seconds)));
    expect([refused.status, await refused.json()]).toMatchObject([
      400,
      { error: { param: 'expires_after[seconds]' } },
    ]);
  }
  expect(api.stored()).toHaveLength(1);
});

test.each([
  ['another purpose', form(FILE, ['name="purpose"', 'fine-tune']), 400, '"batch" is accepted'],
  ['no purpose', form(FILE), 400, 'purpose is missing'],
  ['no file', form(PURPOSE), 400, 'no part "file"'],
  ['two files', form(FILE, FILE, PURPOSE), 400, 'the one file of the form'],
  ['a file of another name', form(['name="data"; filename="x"', 'x'], PURPOSE), 400, '"file"'],
  ['a form that is cut', form(FILE, PURPOSE).slice(0, 120), 400, 'not whole'],
  ['a field that is no field', form(FILE, ['name="purpose"', 'x'.repeat(2000)]), 400, 'too long'],
  ['too large a file', form([FILE[0], 'x'.repeat(1_000_001)], PURPOSE), 413, ''],
])('%s is refused, and nothing is left of it', async (_name, body, status, message) => {
  const api = await startFilesApi();
  const response = await send(api, body);
  const problem = await response.json();
  expect([response.status, problem]).toMatchObject([
    status,
    { error: { message: expect.stringContaining(message) } },
  ]);
  await vi.waitFor(() => expect(api.stored()).toEqual([]));
  const list = await answerOf(await api.call('/v1/files'), 200, fileListSchema);
  expect(list.data).toEqual([]);
});

test('what is no form is told what would be', async () => {
  const api = await startFilesApi();
  const json = await api.call('/v1/files', { method: 'POST', body: {} });
  expect(json.status).toBe(415);
  expect(await json.text()).toContain('multipart/form-data');
  const unbounded = await send(api, form(FILE, PURPOSE), { 'content-type': 'multipart/form-data' });
  expect(unbounded.status).toBe(400);
});

test('a client that hangs up in the midst leaves nothing', async () => {
  const api = await startFilesApi();
  const outgoing = httpRequest(`${api.url}/v1/files`, {
    method: 'POST',
    headers: {
      'x-api-key': API_KEY,
      'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
    },
  });
  outgoing.on('error', () => undefined);
  // The check of the folder at start is over, with the file that it writes.
  await answerOf(await api.upload('first'), 200, fileSchema);
  await vi.waitFor(() => expect(api.stored()).toHaveLength(1));
  outgoing.write(form(FILE, PURPOSE).slice(0, 130));
  await vi.waitFor(() => expect(api.stored()).toHaveLength(2));
  outgoing.destroy();
  await vi.waitFor(() => expect(api.stored()).toHaveLength(1));
  const list = await answerOf(await api.call('/v1/files'), 200, fileListSchema);
  expect(list.data).toHaveLength(1);
});

test('files are listed newest first, page by page, of one purpose or all', async () => {
  const api = await startFilesApi();
  const ids: string[] = [];
  for (const content of ['one', 'two', 'three']) {
    ids.unshift((await answerOf(await api.upload(content), 200, fileSchema)).id);
  }
  const page = async (query: string) =>
    answerOf(await api.call(`/v1/files${query}`), 200, fileListSchema);
  const all = await page('?purpose=batch');
  expect(all.data.map(({ id }) => id)).toEqual(ids);
  expect(all).toMatchObject({ first_id: ids[0], last_id: ids[2], has_more: false });
  const first = await page('?limit=2');
  expect(first).toMatchObject({ last_id: ids[1], has_more: true });
  expect((await page(`?limit=2&after=${ids[1]}`)).data.map(({ id }) => id)).toEqual([ids[2]]);
  expect((await page('?order=asc')).data.map(({ id }) => id)).toEqual(ids.toReversed());
  expect((await page('?purpose=fine-tune')).data).toEqual([]);
  expect((await api.call('/v1/files?limit=10001')).status).toBe(400);
});

test('a file that was deleted is gone with its bytes; of another project it was never there', async () => {
  const api = await startFilesApi();
  const { id } = await answerOf(await api.upload(CONTENT), 200, fileSchema);
  const foreign = await makeKey(api, 'a-key-of-another-project', 'other');
  for (const path of [`/v1/files/${id}`, `/v1/files/${id}/content`]) {
    expect((await api.call(path, { headers: foreign })).status).toBe(404);
  }
  const refused = await api.call(`/v1/files/${id}`, { method: 'DELETE', headers: foreign });
  expect(refused.status).toBe(404);
  const deleted = await api.call(`/v1/files/${id}`, { method: 'DELETE' });
  expect(await answerOf(deleted, 200, deletedFileSchema)).toEqual({
    id,
    object: 'file',
    deleted: true,
  });
  expect(api.stored()).toEqual([]);
  expect((await api.call(`/v1/files/${id}`)).status).toBe(404);
  expect((await api.call(`/v1/files/${id}`, { method: 'DELETE' })).status).toBe(404);
  expect((await api.call('/v1/files/..%2f..%2fetc')).status).toBe(404);
});

test('a download that broke off goes on where it ended', async () => {
  const api = await startFilesApi();
  const { id } = await answerOf(await api.upload('0123456789'), 200, fileSchema);
  const get = (range: string) => api.call(`/v1/files/${id}/content`, { headers: { range } });
  const rest = await get('bytes=4-');
  expect([rest.status, await rest.text()]).toEqual([206, '456789']);
  expect(rest.headers.get('content-range')).toBe('bytes 4-9/10');
  const some = await get('bytes=2-3');
  expect([some.status, await some.text()]).toEqual([206, '23']);
  const beyond = await get('bytes=10-');
  expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, 'bytes */10']);
  expect((await get('lines=1')).status).toBe(200);
});

test('of a file that a batch still writes one takes what is new', async () => {
  const api = await startFilesApi();
  const { files } = api.parts;
  const { redis, keyPrefix } = api.dispatch;
  const id = 'file-00000000000000000000000001';
  await files.openOutput('default', { id, purpose: 'batch_output', filename: 'out.jsonl' });
  const keys = fileKeys(keyPrefix, 'default', id);
  const grow = async (text: string) => {
    const { key, bytes } = await files.receive(
      'default',
      id,
      Readable.from([Buffer.from(text)]),
      100,
    );
    await redis.rpush(keys.parts, JSON.stringify({ key, bytes }));
    await redis.hincrby(keys.record, 'bytes', bytes);
  };
  const get = (headers: Record<string, string>) => api.call(`/v1/files/${id}/content`, { headers });
  expect((await get({ range: 'bytes=0-' })).status).toBe(416);
  await grow('0123');
  await grow('456789');
  const rest = await get({ range: 'bytes=3-' });
  expect([rest.status, await rest.text()]).toEqual([206, '3456789']);
  expect(rest.headers.get('content-range')).toBe('bytes 3-9/*');
  expect((await get({ range: 'bytes=10-' })).status).toBe(416);
  await grow('ab');
  expect(await (await get({ range: 'bytes=10-' })).text()).toBe('ab');
  const all = await get({});
  expect([all.status, await all.text()]).toEqual([200, '0123456789ab']);
});

test('whoever follows a file takes nothing of it in another order', async () => {
  const api = await startFilesApi();
  const { files } = api.parts;
  const { redis, keyPrefix } = api.dispatch;
  const id = 'file-00000000000000000000000001';
  const keys = fileKeys(keyPrefix, 'default', id);
  await files.openOutput('default', { id, purpose: 'batch_output', filename: 'out.jsonl' });
  const partOf = async (text: string) => {
    const source = Readable.from([Buffer.from(text)]);
    const { key, bytes } = await files.receive('default', id, source, 100);
    return JSON.stringify({ key, bytes });
  };
  const ordered = await partOf('0123456789');
  await redis.rpush(keys.parts, await partOf('56789'), await partOf('01234'));
  await redis.hset(keys.record, 'bytes', 10);
  // As when its batch is done, right after the file was looked at for the first time.
  const completed = async <Found>(file: Found): Promise<Found> => {
    await redis.multi().del(keys.parts).rpush(keys.parts, ordered).exec();
    await redis.hset(keys.record, 'complete', 1);
    return file;
  };
  const { read, open } = files;
  vi.spyOn(files, 'read').mockImplementationOnce(async (...of) => completed(await read(...of)));
  vi.spyOn(files, 'open').mockImplementationOnce(async (...of) => completed(await open(...of)));
  const get = () => api.call(`/v1/files/${id}/content`, { headers: { range: 'bytes=5-' } });
  const growing = await get();
  expect(growing.headers.get('content-range')).toBe('bytes 5-9/*');
  expect(await growing.text()).toBe('01234');
  const whole = await get();
  expect(whole.headers.get('content-range')).toBe('bytes 5-9/10');
  expect(await whole.text()).toBe('56789');
});

test('an upload that repeats an idempotency key makes one file', async () => {
  const api = await startFilesApi();
  const headers = { 'idempotency-key': 'upload-1' };
  const first = await answerOf(await api.upload(CONTENT, { headers }), 200, fileSchema);
  const second = await api.upload(CONTENT, { headers });
  expect(second.headers.get('idempotency-replayed')).toBe('true');
  expect(await answerOf(second, 200, fileSchema)).toEqual(first);
  const other = await api.upload('something else', { headers });
  expect([other.status, other.headers.get('x-should-retry')]).toEqual([422, 'false']);
  const together = await Promise.all(
    [1, 2, 3].map(() => api.upload(CONTENT, { headers: { 'idempotency-key': 'upload-2' } })),
  );
  const ids = await Promise.all(
    together.map(async (answer) => (await answerOf(answer, 200, fileSchema)).id),
  );
  expect(new Set(ids).size).toBe(1);
  expect(api.stored()).toHaveLength(2);
  const content = await api.call(`/v1/files/${first.id}/content`);
  expect(await content.text()).toBe(CONTENT);
});

test('with a file goes what its idempotency key stood for', async () => {
  const api = await startFilesApi();
  const { redis, keyPrefix } = api.dispatch;
  const headers = { 'idempotency-key': 'upload-1' };
  const { id } = await answerOf(await api.upload(CONTENT, { headers }), 200, fileSchema);
  const { uploaded } = fileKeys(keyPrefix, 'default', id);
  expect(await redis.exists(uploaded)).toBe(1);
  await api.call(`/v1/files/${id}`, { method: 'DELETE' });
  expect(await redis.exists(uploaded)).toBe(0);
  expect((await api.upload('something else', { headers })).status).toBe(200);
});

test("an SDK's retry of an upload whose answer was lost finds the file", async () => {
  const api = await startFilesApi();
  const attempt = async (count: number, content = CONTENT) => {
    const headers = { 'x-stainless-retry-count': String(count) };
    return (await answerOf(await api.upload(content, { headers }), 200, fileSchema)).id;
  };
  const id = await attempt(0);
  expect(await attempt(1)).toBe(id);
  expect(await attempt(1, 'another file')).not.toBe(id);
  expect(await attempt(0)).not.toBe(id);
  expect(api.stored()).toHaveLength(3);
});
