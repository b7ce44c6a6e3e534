import { expect, test } from 'vitest';
import { checkTemplate, fillTemplate } from './template.ts';

test('columns are put in once, and what they hold is not looked at again', () => {
  const row = { text: '{{language}} $&', language: 'Welsh' };
  expect(fillTemplate('Say {{text}} in {{ language }}, {{language}}!', row)).toBe(
    'Say {{language}} $& in Welsh, Welsh!',
  );
});

test('a template that names no column, or one that is not there, is refused with those that are', () => {
  expect(() => checkTemplate('Say it', ['text'])).toThrow('write one as {{text}}');
  expect(() => checkTemplate('Say {{txt}}', ['text', 'language'])).toThrow(
    'names the column {{txt}}; the file has text, language',
  );
});
