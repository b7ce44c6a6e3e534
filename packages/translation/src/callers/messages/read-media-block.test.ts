import { expect, test } from 'vitest';
import type { JsonObject } from '../../translator.ts';
import { messages } from './messages.ts';

const MARKER = { type: 'ephemeral' };
const PNG = 'iVBORw0KGgo=';

function promptOf(turns: readonly JsonObject[]) {
  return messages.read({ max_tokens: 100, messages: turns });
}

test('a tool result with an image keeps its parts, and says that it cannot be an error', () => {
  const { options, losses } = promptOf([
    { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'shot', input: {} }] },
    {
      role: 'user',
      content: [
        {
          type: 'tool_result',
          tool_use_id: 't',
          is_error: true,
          content: [
            { type: 'text', text: 'seen' },
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } },
          ],
        },
      ],
    },
  ]);
  expect(options.prompt[1]).toEqual({
    role: 'tool',
    content: [
      {
        type: 'tool-result',
        toolCallId: 't',
        toolName: 'shot',
        output: {
          type: 'content',
          value: [
            { type: 'text', text: 'seen' },
            { type: 'file', mediaType: 'image/png', data: { type: 'data', data: PNG } },
          ],
        },
      },
    ],
  });
  expect(losses).toEqual([
    {
      field: 'messages[].content[].is_error',
      message: 'is not carried beside images and documents',
    },
  ]);
});

test.each<{ kind: string; block: JsonObject; parts: unknown[] }>([
  {
    kind: 'an image in base64',
    block: {
      type: 'image',
      source: { type: 'base64', media_type: 'image/png', data: PNG },
      cache_control: MARKER,
    },
    parts: [
      {
        type: 'file',
        mediaType: 'image/png',
        data: { type: 'data', data: PNG },
        providerOptions: { anthropic: { cacheControl: MARKER } },
      },
    ],
  },
  {
    kind: 'an image by URL',
    block: { type: 'image', source: { type: 'url', url: 'https://example.com/a.jpg' } },
    parts: [
      {
        type: 'file',
        mediaType: 'image/jpeg',
        data: { type: 'url', url: new URL('https://example.com/a.jpg') },
      },
    ],
  },
  {
    kind: 'a PDF with title and context',
    block: {
      type: 'document',
      title: 'Report',
      context: 'From 2025.',
      source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0=' },
    },
    parts: [
      { type: 'text', text: 'From 2025.' },
      {
        type: 'file',
        filename: 'Report',
        mediaType: 'application/pdf',
        data: { type: 'data', data: 'JVBERi0=' },
      },
    ],
  },
  {
    kind: 'a PDF by URL',
    block: { type: 'document', source: { type: 'url', url: 'https://example.com/report' } },
    parts: [
      {
        type: 'file',
        mediaType: 'application/pdf',
        data: { type: 'url', url: new URL('https://example.com/report') },
      },
    ],
  },
  {
    kind: 'a plain text document, as text with its title',
    block: {
      type: 'document',
      title: 'Poem',
      source: { type: 'text', media_type: 'text/plain', data: 'Roses are red' },
      citations: { enabled: false },
      cache_control: MARKER,
    },
    parts: [
      { type: 'text', text: 'Poem' },
      {
        type: 'text',
        text: 'Roses are red',
        providerOptions: { anthropic: { cacheControl: MARKER } },
      },
    ],
  },
  {
    kind: 'a document of blocks',
    block: {
      type: 'document',
      source: { type: 'content', content: [{ type: 'text', text: 'one' }] },
    },
    parts: [{ type: 'text', text: 'one' }],
  },
  {
    kind: 'a search result, as text',
    block: {
      type: 'search_result',
      title: 'Rome',
      source: 'https://example.com/rome',
      content: [{ type: 'text', text: 'A city.' }],
    },
    parts: [{ type: 'text', text: 'Rome\nhttps://example.com/rome\nA city.' }],
  },
])('$kind is carried', ({ block, parts }) => {
  const { options, losses } = promptOf([{ role: 'user', content: [block] }]);
  expect(options.prompt).toEqual([{ role: 'user', content: parts }]);
  expect(losses).toEqual([]);
});
