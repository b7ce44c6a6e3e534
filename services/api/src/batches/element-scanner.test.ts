import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { arrayElements } from './array-elements.ts';

async function* chunked(text: string, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length; start += size) {
    yield bytes.subarray(start, start + size);
  }
}

async function elementsOf(text: string, size = 7, mostBytes = 10_000): Promise<string[]> {
  const found = [];
  for await (const element of arrayElements(chunked(text, size), 'requests', mostBytes)) {
    found.push(element.toString('utf8'));
  }
  return found;
}

test('each element comes as the bytes it was written in, wherever the chunks end', async () => {
  const first = '{ "a" : 12345678901234567890,\n "b": "}]\\"{" }';
  const text = ` {"x":{"requests":[1]}, "y":"]}", "requests" : [ ${first} ,{}] ,"z":[{"a":1}]}\n`;
  for (let size = 1; size < text.length; size += 1) {
    expect(await elementsOf(text, size)).toEqual([first, '{}']);
  }
});

test('whatever the elements and the members beside them hold, each is found whole', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.dictionary(fc.string(), fc.jsonValue())),
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.nat(3),
      fc.integer({ min: 1, max: 50 }),
      async (elements, others, indent, size) => {
        const text = JSON.stringify({ ...others, requests: elements }, undefined, indent);
        const found = await elementsOf(text, size, 1_000_000);
        expect(found.map((element): unknown => JSON.parse(element))).toEqual(
          JSON.parse(JSON.stringify(elements)),
        );
      },
    ),
  );
});

test('a member name spelled with escapes is the same name', async () => {
  expect(await elementsOf('{"requ\\u0065sts":[{}]}')).toEqual(['{}']);
});

test.each([
  ['', 'invalid_json', 'ends too early'],
  ['{"requests":[{}', 'invalid_json', 'ends too early'],
  ['{"requests":[{}]', 'invalid_json', 'ends too early'],
  ['[{}]', 'invalid_json', 'position 0'],
  ['{"requests":[{}]}x', 'invalid_json', 'position 17'],
  ['{"requests":[{} {}]}', 'invalid_json', 'position 16'],
  ['{"requests":[{}],"requests":[{}]}', 'invalid_json', 'position 28'],
  ['{"requests":{}}', 'invalid_request', 'requests: must be an array'],
  ['{"requests":[1]}', 'invalid_request', 'requests[]: must be an object'],
  ['{"requests":[{},]}', 'invalid_request', 'requests[]: must be an object'],
  ['{"a":1}', 'invalid_request', 'requests: is missing'],
])('%j is refused as %s: %s', async (text, code, message) => {
  await expect(elementsOf(text)).rejects.toMatchObject({
    code,
    message: expect.stringContaining(message),
  });
});

test('an element beyond the limit is refused before it is held', async () => {
  const text = `{"requests":[{"a":"${'x'.repeat(2000)}"}]}`;
  await expect(elementsOf(text, 100, 1000)).rejects.toMatchObject({ code: 'body_too_large' });
});
