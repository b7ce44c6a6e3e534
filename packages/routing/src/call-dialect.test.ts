import { expect, test } from 'vitest';
import { callDialect, spokenDialects } from './call-dialect.ts';
import { registrationOf } from './testing/routing-scene.ts';

test('a body stays in its own dialect where the provider speaks it', () => {
  expect(callDialect('messages', ['chat-completions', 'messages'])).toBe('messages');
});

test('else it is translated to the first dialect that the provider prefers', () => {
  expect(callDialect('chat-completions', ['messages', 'converse'])).toBe('messages');
});

test('embeddings and completions are never exchanged for each other', () => {
  expect(callDialect('embeddings', ['messages', 'invoke-embedding'])).toBe('invoke-embedding');
  expect(callDialect('embeddings', ['messages'])).toBeUndefined();
  expect(callDialect('responses', ['embeddings', 'embed-content'])).toBeUndefined();
});

test('a model may be reached in other dialects than the rest, under any of its names', () => {
  const registration = registrationOf('vertex', {
    dialects: ['messages'],
    dialects_by_model: {
      'gemini-3.5-flash': ['generate-content'],
      'claude-sonnet-4': ['converse'],
    },
  });
  expect(spokenDialects(registration, [undefined, 'gemini-3.5-flash'])).toEqual([
    'generate-content',
  ]);
  expect(spokenDialects(registration, ['claude-sonnet-4-0'])).toEqual(['converse']);
  expect(spokenDialects(registration, ['constructor', 'our-own'])).toEqual(['messages']);
});
