import { expect, test } from 'vitest';
import { readMessageRequests } from './message-requests.ts';

const LIMITS = {
  bodyBytes: 100_000,
  jsonDepth: 16,
  jsonContainers: 1000,
  jsonValues: 1000,
  jsonKeys: 1000,
  jsonStringCharacters: 100_000,
};

async function* bytesOf(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}

async function linesOf(text: string): Promise<string> {
  const chunks = [];
  for await (const chunk of readMessageRequests(bytesOf(text), LIMITS).lines) {
    chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks).toString('utf8');
}

const PARAMS = '{"model":"m","max_tokens":5,"messages":[]}';

test('each request becomes a line with its params as the bytes received', async () => {
  const params = '{"model":"m",\r\n  "max_tokens": 12345678901234567890, "text":"a\\nb"}';
  const body = `{"requests":[{"params":${params},"custom_id":"a-1"},\n{"custom_id":"b","params":${PARAMS}}]}`;
  expect(await linesOf(body)).toBe(
    `{"custom_id":"a-1","params":${params.replace('\r\n', '  ')}}\n` +
      `{"custom_id":"b","params":${PARAMS}}\n`,
  );
});

test('nothing is read of a chunk after the next one was asked for', async () => {
  const all = Array.from({ length: 40 }, (_, id) => `{"custom_id":"r${id}","params":${PARAMS}}`);
  const body = Buffer.from(`{"other" : [1], "requests" : [${all.join(',')}]}`);
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let start = 0; start < body.length; start += 7) {
      const chunk = Uint8Array.from(body.subarray(start, start + 7));
      yield chunk;
      chunk.fill(0);
    }
  }
  let lines = '';
  for await (const chunk of readMessageRequests(chunks(), LIMITS).lines) {
    lines += chunk.toString('utf8');
  }
  expect(lines).toBe(await linesOf(body.toString('utf8')));
});

test('requests are counted as they are read', async () => {
  const all = Array.from({ length: 3000 }, (_, id) => `{"custom_id":"r${id}","params":${PARAMS}}`);
  const body = `{"requests":[${all.join(',')}]}`;
  const requests = readMessageRequests(bytesOf(body), LIMITS);
  let lines = 0;
  for await (const chunk of requests.lines) lines += chunk.toString('utf8').split('\n').length - 1;
  expect([lines, requests.count()]).toEqual([3000, 3000]);
});

test.each([
  ['{"requests":[]}', 'requests'],
  [`{"requests":[{"params":${PARAMS}}]}`, 'requests.0.custom_id'],
  [`{"requests":[{"custom_id":"a b","params":${PARAMS}}]}`, 'requests.0.custom_id'],
  [`{"requests":[{"custom_id":"${'a'.repeat(65)}","params":${PARAMS}}]}`, 'requests.0.custom_id'],
  ['{"requests":[{"custom_id":"a"}]}', 'requests.0.params'],
  ['{"requests":[{"custom_id":"a","params":7}]}', 'requests.0.params'],
  ['{"requests":[{"custom_id":"a","params":{"stream":true}}]}', 'requests.0.params.stream'],
  ['{"requests":[{"custom_id":"a","params":{"max_tokens":0}}]}', 'requests.0.params.max_tokens'],
  [
    `{"requests":[{"custom_id":"a","params":${PARAMS}},{"custom_id":"a","params":${PARAMS}}]}`,
    'requests.1.custom_id',
  ],
])('%s is refused, naming %s', async (body, param) => {
  const refused = linesOf(body);
  await expect(refused).rejects.toMatchObject({ code: 'invalid_request', param });
  await expect(refused).rejects.toThrow(param);
});

test('a request that is no JSON is refused by its place', async () => {
  await expect(linesOf('{"requests":[{"custom_id":"a","params":{]}]}')).rejects.toMatchObject({
    code: 'invalid_json',
  });
  const broken = `{"requests":[{"custom_id":"a","params":${PARAMS}},{"custom_id":nope}]}`;
  await expect(linesOf(broken)).rejects.toThrow('requests.1: the body is not JSON');
});
