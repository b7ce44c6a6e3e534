import { expect, test } from 'vitest';
import { z } from 'zod';
import { plainWords } from './plain-words.ts';

const wordsOf = (schema: z.ZodType, value: unknown): string | undefined =>
  schema.safeParse(value).error?.issues[0]?.message;

test.each([
  ['a member that is not there', z.string(), undefined, 'is missing; expected a text'],
  ['another type', z.string(), 5, 'expected a text'],
  ['what is no number', z.coerce.number(), 'abc', 'expected a number'],
  ['a fraction', z.int(), 1.5, 'expected a whole number'],
  ['what is neither true nor false', z.boolean(), 'yes', 'expected true or false'],
  ['no list', z.array(z.string()), 'a', 'expected a list'],
  ['no object', z.record(z.string(), z.string()), null, 'expected an object'],
  ['a choice that is none', z.enum(['a', 'b']), 'c', 'expected one of "a", "b"'],
  ['no choice', z.enum(['a', 'b']), undefined, 'is missing; expected one of "a", "b"'],
  ['another than the only value', z.literal('POST'), 'GET', 'expected "POST"'],
  ['too small a number', z.number().min(1), 0, 'expected at least 1'],
  ['a number that is not above', z.number().positive(), 0, 'expected more than 0'],
  ['too big a number', z.number().max(9), 10, 'expected at most 9'],
  ['an empty text', z.string().min(1), '', 'is empty'],
  ['a short text', z.string().min(16), 'abc', 'expected at least 16 characters'],
  ['a long text', z.string().max(2), 'abc', 'expected at most 2 characters'],
  ['an empty list', z.array(z.string()).min(1), [], 'is empty'],
  ['no time', z.iso.datetime(), 'yesterday', 'expected a time such as 2026-11-22T09:00:00Z'],
  [
    'what is neither of two',
    z.union([z.enum(['high', 'low']), z.int()]),
    'urgent',
    'expected one of "high", "low", or expected a number',
  ],
  [
    'none of two',
    z.union([z.enum(['high', 'low']), z.int()]),
    undefined,
    'is missing; expected one of "high", "low", or expected a number',
  ],
])('%s is told in plain words', (_case, schema, value, words) => {
  expect(wordsOf(schema, value)).toBe(words);
});

test('they are the language of the whole process', () => {
  expect(z.config().localeError).toBe(plainWords);
});

test('what a schema says by itself goes before', () => {
  expect(wordsOf(z.string().min(1, { error: 'name one' }), '')).toBe('name one');
});

test('the value is never repeated', () => {
  for (const schema of [z.enum(['a']), z.int(), z.url(), z.string().max(3), z.iso.datetime()]) {
    expect(wordsOf(schema, 'hunter2')).not.toContain('hunter2');
  }
});
