import { expect, test } from 'vitest';
import { readJson } from './read-json.ts';
import type { JsonLimits } from './read-json.ts';

const LIMITS: JsonLimits = { jsonDepth: 3, jsonKeys: 4, jsonStringCharacters: 10 };
const read = (text: string) => readJson(Buffer.from(text), LIMITS);

test('what is within the limits is read', () => {
  const text = '{"a":[{"b":"ten chars!"}],"c":{},"d":[1,2,3,4,5,6,7]}';
  expect(read(text)).toEqual(JSON.parse(text));
});

test.each([
  ['[[[[]]]]', 'the body is nested deeper than 3 levels'],
  ['{"a":{"b":{"c":{}}}}', 'the body is nested deeper than 3 levels'],
  ['{"a":1,"b":2,"c":3,"d":4,"e":5}', 'the body has more than 4 members'],
  ['[{"a":1,"b":2},{"a":1,"b":2},{"a":1}]', 'the body has more than 4 members'],
  ['{"a":"eleven char"}', 'the body has a text of more than 10 characters'],
  ['["eleven char"]', 'the body has a text of more than 10 characters'],
  ['"eleven char"', 'the body has a text of more than 10 characters'],
  ['{"eleven char":1}', 'the body has a text of more than 10 characters'],
  ['{"a":{"__proto__":1}}', 'the body has a member named "__proto__"'],
  ['[{"\\u005f_proto__":1}]', 'the body has a member named "__proto__"'],
  ['{"constructor":{"prototype":1}}', 'the body has a member named "__proto__", or "constructor"'],
])('%s is refused: %s', (text, message) => {
  expect(() => read(text)).toThrow(message);
});

test('a text that is refused is not in the message', () => {
  expect(() => read('{"a":"a secret prompt"}')).toThrow(expect.not.stringContaining('secret'));
});
