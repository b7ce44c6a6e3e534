import { expect, test } from 'vitest';
import { parseExactJson } from './exact-json.ts';

test.each(['12345678901234567890', '1.0', '-0', '1e3', '1E+400', '0.10', '-1.50e-7', '7', '-12'])(
  'the number %s is written as it was read, wherever it stands',
  (number) => {
    const text = `{"a":${number},"b":[${number},"${number}"]}`;
    expect(JSON.stringify(parseExactJson(text))).toBe(text);
  },
);

test('an ordinary number is a number', () => {
  expect(parseExactJson('{"count":42,"share":0.5}')).toEqual({ count: 42, share: 0.5 });
});

test('what is no JSON is an error', () => {
  expect(() => parseExactJson('{"a":1.0')).toThrow(SyntaxError);
  expect(() => parseExactJson('{"a":')).toThrow(SyntaxError);
});
