import * as fc from 'fast-check';
import { isObject } from '../callers/json-reading.ts';

export type Path = readonly string[];

/** The paths of a value and of everything in it. */
export function pathsIn(value: unknown, path: Path = []): Path[] {
  const inner = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return [path, ...inner.flatMap(([name, member]) => pathsIn(member, [...path, name]))];
}

/** A copy with another value at the path; undefined takes the member away. */
export function withValueAt(body: unknown, [name, ...rest]: Path, value: unknown): unknown {
  if (name === undefined) return value;
  if (Array.isArray(body)) {
    return body.map((item: unknown, index) =>
      String(index) === name ? withValueAt(item, rest, value) : item,
    );
  }
  if (!isObject(body)) return body;
  return JSON.parse(JSON.stringify({ ...body, [name]: withValueAt(body[name], rest, value) }));
}

/** Stands in a mutated value for an integer that no number can hold. */
const LARGE_INTEGER = 'large integer';

const WORDS = [
  '',
  'auto',
  'text',
  'user',
  'tool',
  'function',
  'json_schema',
  'https://e.com/a.png',
];

const wrongValue = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    null,
    true,
    -1,
    2.5,
    1e308,
    [],
    {},
    [[]],
    [null],
    LARGE_INTEGER,
    ...WORDS,
  ),
  fc.jsonValue({ maxDepth: 2 }),
);

/** How to make one or a few members of any value wrong: missing, or of another type or content. */
export const mutations: fc.Arbitrary<(value: unknown) => unknown> = fc
  .array(fc.tuple(fc.nat(), wrongValue), { minLength: 1, maxLength: 3 })
  .map((changes) => (value: unknown) => changes.reduce(mutated, value));

/** A mutated value as the bytes of its JSON. */
export function bytesOf(value: unknown): Buffer {
  const text = JSON.stringify(value);
  return Buffer.from(text.replaceAll(`"${LARGE_INTEGER}"`, '12345678901234567891'));
}

function mutated(value: unknown, [choice, wrong]: [number, unknown]): unknown {
  const paths = pathsIn(value).filter((path) => path.length > 0);
  const path = paths[choice % Math.max(1, paths.length)];
  return path === undefined ? value : withValueAt(value, path, wrong);
}
