import type { CallerDialect, Dialect } from '@understudy/contracts';
import { expect, test } from 'vitest';
import { translate } from '../../translate.ts';

const PIXEL = 'data:image/png;base64,iVBORw0KGgo=';
const BODIES: readonly (readonly [CallerDialect, object])[] = [
  [
    'chat-completions',
    {
      messages: [
        { role: 'system', content: '' },
        { role: 'developer', content: [{ type: 'text', text: ' \n' }] },
        {
          role: 'user',
          content: [
            { type: 'text', text: '' },
            { type: 'image_url', image_url: { url: PIXEL } },
          ],
        },
      ],
    },
  ],
  [
    'responses',
    {
      instructions: '',
      input: [
        { role: 'system', content: ' ' },
        {
          role: 'user',
          content: [
            { type: 'input_text', text: '' },
            { type: 'input_image', image_url: PIXEL },
          ],
        },
      ],
    },
  ],
  [
    'chat-completions',
    {
      messages: [
        { role: 'system', content: [] },
        { role: 'user', content: ['', 'Hello', ' '].map((text) => ({ type: 'text', text })) },
      ],
    },
  ],
];
const TARGETS: readonly (readonly [Dialect, string])[] = [
  ['messages', 'claude-opus-4-6'],
  ['converse', 'claude-opus-4-6'],
  ['converse', 'llama-3.3-70b-instruct'],
  ['generate-content', 'gemini-3.5-flash'],
];

async function sent(from: CallerDialect, to: Dialect, model: string, body: object) {
  const translation = await translate({ from, to, model, body: Buffer.from(JSON.stringify(body)) });
  return { body: Buffer.from(translation.body).toString(), losses: translation.losses };
}

const BLANK_TEXT = /"text":"(?:\s|\\n)*"/;

test.for(BODIES.flatMap(([from, body]) => TARGETS.map((target) => ({ from, body, target }))))(
  'blank texts beside something else are in no turn: $from for $target, %#',
  async ({ from, body, target: [to, model] }) => {
    const translated = await sent(from, to, model, body);
    expect(translated.body).not.toMatch(BLANK_TEXT);
    expect(translated.body).toMatch(/iVBORw0KGgo=|Hello/);
    expect(JSON.parse(translated.body).system ?? []).toEqual([]);
    expect(translated.losses).toEqual([]);
  },
);

test.for(TARGETS)('a turn of nothing but blanks stays one in %s for %s', async ([to, model]) => {
  const body = { messages: [{ role: 'user', content: ' ' }] };
  const { messages, contents } = JSON.parse(
    (await sent('chat-completions', to, model, body)).body,
  ) as { messages?: unknown[]; contents?: unknown[] };
  expect(messages ?? contents).toHaveLength(1);
});
