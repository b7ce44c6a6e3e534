import type { JsonLimits } from '@understudy/configuration';
import { expect, test, vi } from 'vitest';
import { readJson } from './read-json.ts';

const LIMITS: JsonLimits = {
  jsonDepth: 3,
  jsonContainers: 5,
  jsonValues: 10,
  jsonKeys: 4,
  jsonStringCharacters: 11,
};
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
  ['{"a":"twelve chars"}', 'the body has a text of more than 11 characters'],
  ['["twelve chars"]', 'the body has a text of more than 11 characters'],
  ['"twelve chars"', 'the body has a text of more than 11 characters'],
  ['{"twelve chars":1}', 'the body has a text of more than 11 characters'],
  ['[[],[],[],[],[]]', 'the body has more than 5 objects and arrays'],
  ['[{},[],{},[],{}]', 'the body has more than 5 objects and arrays'],
  ['[1,2,3,4,5,6,7,8,9,10,11]', 'the body has more than 10 values'],
  ['["\\\\","twelve chars"]', 'the body has a text of more than 11 characters'],
  ['{"a":{"__proto__":1}}', 'the body has a member named "__proto__"'],
  ['[{"\\u005f_proto__":1}]', 'the body has a member named "__proto__"'],
  ['{"\\u0063onstructor" : {"prototype":1}}', 'the body has a member named "__proto__"'],
  ['{"constructor":{"prototype":1}}', 'the body has a member named "__proto__", or "constructor"'],
])('%s is refused: %s', (text, message) => {
  expect(() => read(text)).toThrow(message);
});

test('a text that is refused is not in the message', () => {
  expect(() => read('{"a":"a secret prompt"}')).toThrow(expect.not.stringContaining('secret'));
});

test.each([
  ['brackets, commas and colons of a text', '["[[,:,","{{{{,"]'],
  ['a quote that is escaped, and a backslash before a closing quote', '["\\"[[[[","\\\\",[1]]'],
  ['escapes, each of which is one character', String.raw`["\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4"]`],
  ['characters of several bytes', '["ääääääääää€"]'],
  ['harmless namesakes', '{"constructor":1,"a":"__proto__","__proto":{"prototype":1}}'],
])('%s are not taken for what they are not', (_, text) => {
  expect(read(text)).toEqual(JSON.parse(text));
});

test('a long text ends where it ends, whatever it is made of', () => {
  const limits = { ...LIMITS, jsonContainers: 1, jsonValues: 2, jsonStringCharacters: 10_000 };
  const pieces = ['a', '\\', '"', '[', '{"b":', ',', 'ä', '😀'];
  for (let seed = 1; seed <= 500; seed += 1) {
    const at = (index: number) => pieces[(seed * (index + 7) * 31 + index) % pieces.length];
    const text = Array.from({ length: 300 + seed }, (_, index) => at(index)).join('');
    const value = [text, `${text}${'\\'.repeat(seed)}`];
    const bytes = Buffer.from(JSON.stringify(value));
    expect(readJson(bytes, limits)).toEqual(value);
    const more = Buffer.from(JSON.stringify([...value, '']));
    expect(() => readJson(more, limits)).toThrow('more than 2 values');
  }
});

test('what is no JSON is refused as such, however it is cut', () => {
  const text = '{"a":["b\\"",{"c":1}]}';
  for (let length = 0; length < text.length; length += 1) {
    expect(() => read(text.slice(0, length))).toThrow('is not JSON');
  }
});

test.each([
  ['empty arrays', '[' + '[],'.repeat(999) + '[]]'],
  ['numbers', `[${'1,'.repeat(999)}1]`],
  ['members', `{${Array.from({ length: 1000 }, (_, index) => `"k${index}":1`).join(',')}}`],
  ['levels', '['.repeat(1000) + ']'.repeat(1000)],
])('too many %s are refused before anything is made of them', (_, text) => {
  const bytes = Buffer.from(text);
  const parse = vi.spyOn(JSON, 'parse');
  const refused = () => readJson(bytes, LIMITS);
  expect(refused).toThrow(/nested deeper|has more than/);
  expect(parse).not.toHaveBeenCalled();
  parse.mockRestore();
  expect(JSON.parse(text)).toBeDefined();
});
