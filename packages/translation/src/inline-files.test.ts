import { expect, test } from 'vitest';
import { UntranslatableError } from './loss.ts';
import { translate } from './translate.ts';

const image = (url: string) => ({ type: 'image_url', image_url: { url } });
const INLINE = image('data:image/png;base64,iVBORw0KGgo=');
const BY_URL = image('https://example.com/cat.png');

async function sentToClaude(content: object[], inlineFilesOnly?: boolean) {
  const { body } = await translate({
    from: 'chat-completions',
    to: 'messages',
    model: 'claude-opus-4-6',
    body: Buffer.from(JSON.stringify({ messages: [{ role: 'user', content }] })),
    ...(inlineFilesOnly !== undefined && { inlineFilesOnly }),
  });
  return JSON.parse(Buffer.from(body).toString()).messages[0].content;
}

test('an image by its URL is carried to a host that fetches it', async () => {
  expect(await sentToClaude([BY_URL])).toEqual([
    { type: 'image', source: { type: 'url', url: 'https://example.com/cat.png' } },
  ]);
});

test('an image by its URL makes a host be skipped that fetches none, with its place in the body', async () => {
  const refused: unknown = await sentToClaude([INLINE, BY_URL], true).catch((error) => error);
  expect(refused).toBeInstanceOf(UntranslatableError);
  expect(String(refused)).toContain('messages cannot be translated');
  expect(String(refused)).not.toContain('example.com');
});

test('an image inside the body is carried to every host', async () => {
  expect(await sentToClaude([INLINE], true)).toMatchObject([
    { type: 'image', source: { type: 'base64', media_type: 'image/png' } },
  ]);
});

test('a file by its URL in a tool result makes a host be skipped that fetches none', async () => {
  const body = {
    input: [
      { role: 'user', content: 'Look' },
      { type: 'function_call', call_id: 'c', name: 'look', arguments: '{}' },
      {
        type: 'function_call_output',
        call_id: 'c',
        output: [{ type: 'input_image', image_url: 'https://example.com/cat.png' }],
      },
    ],
    tools: [{ type: 'function', name: 'look', parameters: { type: 'object', properties: {} } }],
  };
  const refused = translate({
    from: 'responses',
    to: 'messages',
    model: 'claude-opus-4-6',
    body: Buffer.from(JSON.stringify(body)),
    inlineFilesOnly: true,
  });
  await expect(refused).rejects.toThrow('input cannot be translated');
});
