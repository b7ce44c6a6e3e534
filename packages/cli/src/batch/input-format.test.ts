import { expect, test } from 'vitest';
import { detectFormat } from './input-format.ts';

test.each([
  ['{"custom_id":"a","method":"POST","url":"/v1/responses","body":{}}', 'x.jsonl', 'openai'],
  ['{"custom_id":"a","params":{}}', 'x.jsonl', 'anthropic'],
  ['  {"prompt":"Hi"}', 'x', 'prompts'],
  ['text,language', 'x.csv', 'csv'],
  ['text\tlanguage', 'x.TSV', 'tsv'],
])('%s of %s is %s', (line, path, format) => {
  expect(detectFormat(line, path)).toBe(format);
});

test.each([
  ['', 'x.jsonl is empty'],
  ['Why is the sky blue?', '--format text'],
  ['{"question":"Hi"}', 'neither "body"'],
  ['{"prompt":', 'not whole JSON'],
  ['[{"prompt":"Hi"}]', "jq -c '.[]'"],
])('%s is not guessed at', (line, reason) => {
  expect(() => detectFormat(line, 'x.jsonl')).toThrow(reason);
});
