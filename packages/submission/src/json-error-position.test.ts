import { expect, test } from 'vitest';
import { jsonErrorPosition } from './json-error-position.ts';

const SAMPLE = '{"a": [1, -2.5e+3, "x\\n\\u00e9", {"b": null}, []], "": {"c": [true, false, {}]}} ';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

test('text has no error exactly when JSON.parse takes it', () => {
  const damages = ['', ',', '"', '}', ']', '0', '\\', '\n', 'e', '-'];
  const texts = Array.from({ length: SAMPLE.length + 1 }, (_, at) =>
    damages.flatMap((damage) => [
      SAMPLE.slice(0, at) + damage,
      SAMPLE.slice(0, at) + damage + SAMPLE.slice(at),
      SAMPLE.slice(0, at) + damage + SAMPLE.slice(at + 1),
    ]),
  ).flat();
  for (const text of texts) {
    expect([text, jsonErrorPosition(text) === undefined]).toEqual([text, isJson(text)]);
  }
});

test.each([
  ['', 0],
  ['{"a":1,}', 7],
  ['[1 2]', 3],
  ['{"a":tru}', 5],
  ['{} x', 3],
  ['{"a":"\u0001"}', 6],
  ['[[[', 3],
])('%j is broken at %i', (text, position) => {
  expect(jsonErrorPosition(text)).toBe(position);
});
