import type { Dialect } from '@understudy/contracts';
import { expect, test } from 'vitest';
import { translate } from '../translate.ts';

const use = (id: string) => ({ type: 'tool_use', id, name: 'look', input: {} });
const result = (id: string, content: unknown, is_error?: boolean) => ({
  type: 'tool_result',
  tool_use_id: id,
  content,
  is_error,
});
const conversation = (...results: object[]) => ({
  max_tokens: 100,
  tools: [{ name: 'look', input_schema: { type: 'object', properties: {} } }],
  messages: [
    { role: 'user', content: 'Look' },
    { role: 'assistant', content: [use('a'), use('b')] },
    { role: 'user', content: results },
  ],
});
const ONE_FAILED = conversation(result('a', 'no such file', true), result('b', 'found'));

async function translated(to: Dialect, model: string, body: object = ONE_FAILED) {
  const translation = await translate({
    from: 'messages',
    to,
    model,
    body: Buffer.from(JSON.stringify(body)),
  });
  const sent = JSON.parse(Buffer.from(translation.body).toString());
  return { sent, losses: translation.losses };
}

test.for(['claude-opus-4-6', 'nova-pro'])(
  'a tool that failed has failed in Converse too, for %s',
  async (model) => {
    const { sent, losses } = await translated('converse', model);
    expect(sent.messages.at(-1).content).toEqual([
      { toolResult: { toolUseId: 'a', status: 'error', content: [{ text: 'no such file' }] } },
      { toolResult: { toolUseId: 'b', content: [{ text: 'found' }] } },
    ]);
    expect(losses).toEqual([]);
  },
);

test('that a tool failed is told as lost where Converse takes no mark of it for the model', async () => {
  const { sent, losses } = await translated('converse', 'llama-3.3-70b-instruct');
  expect(JSON.stringify(sent)).not.toContain('"status"');
  expect(losses.map(({ field }) => field)).toEqual(['messages']);
  expect(losses[0]?.message).toMatch(/failed/);
});

test('a tool that failed says so in chat completions, responses and generateContent', async () => {
  const chat = await translated('chat-completions', 'gpt-5.5');
  expect(chat.sent.messages.slice(-2)).toMatchObject([
    { content: '{"error":"no such file"}' },
    { content: 'found' },
  ]);
  const responses = await translated('responses', 'gpt-5.5');
  expect(responses.sent.input.slice(-2)).toMatchObject([
    { output: '{"error":"no such file"}' },
    { output: 'found' },
  ]);
  const gemini = await translated('generate-content', 'gemini-3.5-flash');
  expect(gemini.sent.contents.at(-1).parts).toMatchObject([
    { functionResponse: { response: { error: 'no such file' } } },
    { functionResponse: { response: { content: 'found' } } },
  ]);
  expect([...chat.losses, ...responses.losses, ...gemini.losses]).toEqual([]);
});

test.for<[Dialect, string]>([
  ['converse', 'claude-opus-4-6'],
  ['chat-completions', 'gpt-5.5'],
  ['responses', 'gpt-5.5'],
  ['generate-content', 'gemini-3.5-flash'],
])('that a tool failed is told as lost beside an image, in %s', async ([to, model]) => {
  const image = {
    type: 'image',
    source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' },
  };
  const body = conversation(result('a', [image], true), result('b', 'found'));
  const { losses } = await translated(to, model, body);
  expect(losses.map(({ field }) => field)).toContain('messages[].content[].is_error');
});
