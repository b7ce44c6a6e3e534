import { expect, test } from 'vitest';
import { readJsonLine } from './json-line.ts';

const LIMITS = {
  jsonDepth: 8,
  jsonContainers: 100,
  jsonKeys: 100,
  jsonValues: 100,
  jsonStringCharacters: 100,
};

test('where a line breaks off being JSON is told by its position alone, for it has no lines of its own', () => {
  expect(readJsonLine(Buffer.from('{"custom_id": nope}'), LIMITS)).toEqual({
    problem: {
      kind: 'problem',
      problem: {
        code: 'invalid_json_line',
        message: 'the line is not JSON: unexpected character at position 14',
      },
    },
  });
});
