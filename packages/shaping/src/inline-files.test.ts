import type { CallerDialect } from '@understudy/contracts';
import { registrationOf } from '@understudy/routing/testing';
import { expect, test } from 'vitest';
import { type FetchFile, FileUnreachableError } from './inline-files.ts';
import { shapeBody, type Shaping } from './shape-body.ts';

const URL_OF_CAT = 'https://example.com/cat.png';
const CAT: FetchFile = () => Promise.resolve({ mediaType: 'image/png', base64: 'iVBORw0KGgo=' });
const NEVER: FetchFile = () => Promise.reject(new Error('fetched'));
const CAT_URI = 'data:image/png;base64,iVBORw0KGgo=';

function shape(
  dialect: CallerDialect,
  body: string,
  fetchFile: FetchFile | undefined,
  spoken: CallerDialect | 'converse' = dialect,
): Promise<Shaping> {
  return shapeBody({
    dialect,
    body: Buffer.from(body),
    requested: 'm',
    drawn: undefined,
    sent: 'us.anthropic.claude-x',
    registration: registrationOf('bedrock', { dialects: [spoken], inline_files: [spoken] }),
    fetchFile,
  });
}

async function bodyOf(shaping: Promise<Shaping>): Promise<string> {
  const made = await shaping;
  if (made.kind !== 'shaped') throw new Error(`not shaped: ${JSON.stringify(made)}`);
  return String(made.shaped.body);
}

const imageUrl = (url: string) => ({ type: 'image_url', image_url: { url, detail: 'low' } });
const imageSource = (url: string) => ({ type: 'image', source: { type: 'url', url } });
const inputImage = (url: string) => ({ type: 'input_image', image_url: url, detail: 'auto' });
const user = (...content: object[]) => [{ role: 'user', content }];

test.each<[CallerDialect, object, object]>([
  [
    'chat-completions',
    { messages: user(imageUrl(URL_OF_CAT)) },
    { messages: user(imageUrl(CAT_URI)) },
  ],
  ['responses', { input: user(inputImage(URL_OF_CAT)) }, { input: user(inputImage(CAT_URI)) }],
  [
    'responses',
    { input: [{ type: 'function_call_output', call_id: 'c', output: [inputImage(URL_OF_CAT)] }] },
    { input: [{ type: 'function_call_output', call_id: 'c', output: [inputImage(CAT_URI)] }] },
  ],
  [
    'messages',
    {
      messages: user({ type: 'tool_result', tool_use_id: 't', content: [imageSource(URL_OF_CAT)] }),
    },
    {
      messages: user({
        type: 'tool_result',
        tool_use_id: 't',
        content: [
          {
            type: 'image',
            source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' },
          },
        ],
      }),
    },
  ],
])(
  '%s: an image stands in the body itself where its provider fetches none: %j',
  async (dialect, given, sent) => {
    const body = await bodyOf(shape(dialect, JSON.stringify({ model: 'm', ...given }), CAT));
    expect(JSON.parse(body)).toEqual({ model: 'm', ...sent });
  },
);

test('all but the conversation stays byte for byte, and large numbers in it too', async () => {
  const written = `{ "seed":12345678901234567890,  "messages":[{"role":"user","n":98765432109876543210,"content":[${JSON.stringify(imageUrl(URL_OF_CAT))}]}] }`;
  const body = await bodyOf(shape('chat-completions', written, CAT));
  expect(body).toContain('{ "seed":12345678901234567890,  "messages":[');
  expect(body).toContain('98765432109876543210');
  expect(body).not.toContain('example.com');
});

test('a body without files by their URL is the very same bytes, and nothing is fetched', async () => {
  const content = `see ${URL_OF_CAT}`;
  const tool = { type: 'tool_use', id: 't', name: 'f', input: { source: imageSource(URL_OF_CAT) } };
  const messages = [
    ...user({ type: 'text', text: content }),
    { role: 'assistant', content: [tool] },
  ];
  const written = JSON.stringify({ model: 'm', messages });
  expect(await bodyOf(shape('messages', written, NEVER))).toBe(written);
});

test('a URL is fetched once, however often it stands there, and four at a time', async () => {
  const fetched: string[] = [];
  let running = 0;
  let most = 0;
  const fetchFile: FetchFile = async (url) => {
    fetched.push(url);
    running += 1;
    most = Math.max(most, running);
    await new Promise(setImmediate);
    running -= 1;
    return CAT(url);
  };
  const urls = Array.from({ length: 12 }, (_, index) => `https://example.com/${index % 9}.png`);
  const messages = user(...urls.map(imageUrl));
  await bodyOf(shape('chat-completions', JSON.stringify({ messages }), fetchFile));
  expect(fetched.toSorted()).toEqual([...new Set(urls)].toSorted());
  expect(most).toBe(4);
});

test('an image that cannot be had is told by its path, without its address', async () => {
  const fetchFile: FetchFile = (url) =>
    url === URL_OF_CAT ? CAT(url) : Promise.reject(new FileUnreachableError('was not there'));
  const messages = user(imageUrl(URL_OF_CAT), imageUrl('https://example.com/dog.png'));
  expect(await shape('chat-completions', JSON.stringify({ messages }), fetchFile)).toEqual({
    kind: 'file_unreachable',
    field: 'messages[0].content[1]',
    reason: 'was not there',
  });
});

test.each<[string, CallerDialect, object, FetchFile | undefined]>([
  ['an image where nothing is fetched', 'messages', imageSource(URL_OF_CAT), undefined],
  ['a document', 'messages', { ...imageSource(URL_OF_CAT), type: 'document' }, CAT],
])('%s is said no to by its path', async (_what, dialect, part, fetchFile) => {
  const body = JSON.stringify({ messages: user({ type: 'text', text: 'Hi' }, part) });
  expect(await shape(dialect, body, fetchFile)).toMatchObject({
    kind: 'untranslatable',
    field: 'messages[0].content[1]',
    reason: expect.stringContaining('send it inline'),
  });
});

test('a fetched image is translated like one that the caller sent', async () => {
  const written = JSON.stringify({ model: 'm', messages: user(imageUrl(URL_OF_CAT)) });
  const body = await bodyOf(shape('chat-completions', written, CAT, 'converse'));
  expect(JSON.parse(body)).toMatchObject({
    messages: [{ content: [{ image: { format: 'png', source: { bytes: 'iVBORw0KGgo=' } } }] }],
  });
});

test('a URL that is written in escapes is found as well', async () => {
  const written = JSON.stringify({ messages: user(imageUrl(URL_OF_CAT)) });
  const escaped = written.replace('"https:', '"\\u0068ttps:');
  expect(JSON.parse(escaped)).toEqual(JSON.parse(written));
  expect(await bodyOf(shape('chat-completions', escaped, CAT))).toContain(CAT_URI);
});
