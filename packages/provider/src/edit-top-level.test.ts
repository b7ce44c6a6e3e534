import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { editTopLevel, type TopLevelEdits } from './edit-top-level.ts';

function edited(text: string, edits: TopLevelEdits): string {
  return Buffer.from(editTopLevel(Buffer.from(text), edits)).toString('utf8');
}

test('a value is replaced in its place, and white space, order and numbers stay', () => {
  expect(
    edited('{ "seed": 12345678901234567890,\n  "model" : "a",\n  "x":1.0 }', { model: 'b' }),
  ).toBe('{ "seed": 12345678901234567890,\n  "model" : "b",\n  "x":1.0 }');
});

test('a member is removed with one comma, wherever it stands', () => {
  expect(edited('{"stream":true,"a":1,"b":2}', { stream: undefined })).toBe('{"a":1,"b":2}');
  expect(edited('{"a":1,"stream":true,"b":2}', { stream: undefined })).toBe('{"a":1,"b":2}');
  expect(edited('{"a":1,"b":2,"stream":true}', { stream: undefined })).toBe('{"a":1,"b":2}');
  expect(edited('{ "stream":true }', { stream: undefined })).toBe('{  }');
});

test('a member that is not there is added, also to an empty object', () => {
  expect(edited('{"a":1}', { version: 'v', gone: undefined })).toBe('{"a":1,"version":"v"}');
  expect(edited('{}', { version: 'v' })).toBe('{"version":"v"}');
  expect(edited('{"stream":true}', { stream: undefined, version: 'v' })).toBe('{"version":"v"}');
});

test('of equal names the last is replaced and the others go', () => {
  expect(edited('{"model":"a","b":1,"mod\\u0065l":"c"}', { model: 'd' })).toBe(
    '{"b":1,"mod\\u0065l":"d"}',
  );
  expect(edited('{"model":"a","b":1,"model":"c"}', { model: undefined })).toBe('{"b":1}');
});

test('equal names that are not edited stay as they are', () => {
  expect(edited('{"a":1,"a":2,"model":"m"}', { model: 'n' })).toBe('{"a":1,"a":2,"model":"n"}');
});

test('only the top level is edited', () => {
  const text = '{"metadata":{"model":"a","stream":true},"tools":[{"model":1}]}';
  expect(edited(text, { stream: undefined })).toBe(text);
});

test('a body of another kind of JSON is refused', () => {
  expect(() => edited('[1]', { model: 'a' })).toThrow(SyntaxError);
});

const names = ['model', 'stream', 'stream_options', 'a', 'b', '__proto__', '"', ''];

// V8 of Node 24 reads the key "\\u0061" as "\\" once it has seen an object with the key "\\" in the
// same place, so JSON.parse is only asked about texts without such keys.
const askable = (text: string): boolean => !text.includes('\\\\');

/** JSON text of an object with repeated names, escaped keys and odd white space. */
const objectText = fc
  .array(
    fc.record({
      name: fc.constantFrom(...names),
      escaped: fc.boolean(),
      space: fc.constantFrom('', ' ', '\n\t'),
      value: fc.oneof(
        fc.json().filter(askable),
        fc.constantFrom('12345678901234567890', '"}{][,:"', '1e400', '-0.0'),
      ),
    }),
  )
  .map((members) => {
    const written = members.map(({ name, escaped, space, value }) => {
      const key = escaped
        ? `"${Array.from(name, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"`
        : JSON.stringify(name);
      return `${space}${key}${space}:${space}${value}${space}`;
    });
    return `{${written.join(',')}}`;
  });

const editsOfNames = fc.dictionary(
  fc.constantFrom(...names.filter((name) => name !== '__proto__'), 'added'),
  fc.option(
    fc
      .json()
      .filter(askable)
      .map((text) => JSON.parse(text) as unknown),
    {
      nil: undefined,
    },
  ),
);

function parsedMembers(text: string): Map<string, unknown> {
  const parsed: Record<string, unknown> = JSON.parse(text);
  return new Map(Object.entries(parsed));
}

test('an edited body parses to the parsed body with the edits made', () => {
  fc.assert(
    fc.property(objectText, editsOfNames, (text, edits) => {
      const expected = parsedMembers(text);
      for (const [name, value] of Object.entries(edits)) {
        if (value === undefined) expected.delete(name);
        else expected.set(name, JSON.parse(JSON.stringify(value)));
      }
      const result = parsedMembers(edited(text, edits));
      expect(result).toEqual(expected);
    }),
    { numRuns: 1000 },
  );
});

test('no edits change no byte', () => {
  fc.assert(
    fc.property(objectText, (text) => {
      expect(edited(text, {})).toBe(text);
    }),
  );
});

test('a body with very many members is edited in time that grows with its length', () => {
  const members = Array.from({ length: 100_000 }, (_, index) => `"k${index}":${index}`);
  const result = edited(`{${members.join(',')},"model":"a"}`, { model: 'b' });
  expect(result.endsWith(',"model":"b"}')).toBe(true);
});
