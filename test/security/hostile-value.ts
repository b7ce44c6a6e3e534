import * as fc from 'fast-check';
import type { Arbitrary } from 'fast-check';

/** Texts that have broken parsers, stores, paths or pages before. */
const TRAPS = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\uD800',
  '\uDFFFx',
  'x\uD83D',
  '\uFEFFtext',
  '\u202Etxt.exe',
  'ﷺ'.repeat(50),
  'Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘',
  '🏴󠁧󠁢󠁥󠁮󠁧󠁿'.repeat(20),
  'İıſK',
  '\u2028\u2029',
  '\r\nx-injected: 1',
  '../../../../etc/passwd',
  '..%2f..%2f',
  '%00',
  '%',
  "';redis.call('flushall')--",
  '{u00}:due',
  '*',
  '${ANTHROPIC_API_KEY}',
  '{{constructor.constructor("return process")()}}',
  '__proto__',
  'constructor',
  'toString',
  'null',
  'NaN',
  '-0',
  '1e999',
  '0x10',
  '2026-02-30T25:61:61Z',
  '+275760-09-13T00:00:00.000Z',
  'http://169.254.169.254/latest/meta-data/',
  'http://[::ffff:127.0.0.1]:6379/',
  'http://user:password@127.0.0.1/',
  'file:///etc/passwd',
  'https://xn--/',
  'whsec_',
  'whsec_!!!!',
  'job_00000000000000000000000000',
] as const;

const NUMBERS = [
  0,
  -1,
  -0,
  0.1,
  1e21,
  1e308,
  -1e308,
  5e-324,
  Number.MAX_SAFE_INTEGER,
  Number.MAX_SAFE_INTEGER + 2,
  8_640_000_000_000,
  8_640_000_000_001,
  2 ** 31,
  2 ** 63,
] as const;

/** Names of members that every object has, or that code may take for its own. */
export const PROTOTYPE_NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'then',
  'toJSON',
  'length',
] as const;

export const hostileText: Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...TRAPS) },
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.integer({ min: 300, max: 20_000 }).map((size) => 'A'.repeat(size)) },
);

/** A value of any kind that nobody expects at its place. */
export const hostileValue: Arbitrary<unknown> = fc.oneof(
  { weight: 5, arbitrary: hostileText },
  { weight: 4, arbitrary: fc.constantFrom<unknown>(...NUMBERS) },
  { weight: 3, arbitrary: fc.constantFrom<unknown>(null, true, false, [], {}, [[]], [null]) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 1, arbitrary: fc.integer({ min: 10, max: 200 }).map(nested) },
  { weight: 1, arbitrary: fc.integer({ min: 100, max: 3000 }).map(crowded) },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 100, max: 3000 }).map((size) => Array(size).fill('x')),
  },
);

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

function crowded(members: number): Record<string, number> {
  return Object.fromEntries(Array.from({ length: members }, (_, index) => [`k${index}`, index]));
}

/** Where a change is made: which of the containers on the way, and which of its members. */
interface Change {
  container: number;
  member: number;
  kind: 'replace' | 'drop' | 'add';
  name: string;
  value: unknown;
}

const change: Arbitrary<Change> = fc.record({
  container: fc.nat(50),
  member: fc.nat(50),
  kind: fc.constantFrom('replace', 'replace', 'drop', 'add'),
  name: fc.oneof(fc.constantFrom(...PROTOTYPE_NAMES), hostileText),
  value: hostileValue,
});

/** A value with none to three places of it made hostile. */
export function mutated(value: Arbitrary<unknown>): Arbitrary<unknown> {
  return fc
    .tuple(value, fc.oneof(fc.constant<Change[]>([]), fc.array(change, { maxLength: 3 })))
    .map(([root, changes]) => changes.reduce(applied, root));
}

function applied(root: unknown, { container, member, kind, name, value }: Change): unknown {
  const copy: unknown = structuredClone(root);
  const containers = containersIn(copy);
  const chosen = containers[container % Math.max(containers.length, 1)];
  if (chosen === undefined) return value;
  if (kind === 'add' && Array.isArray(chosen)) {
    chosen.push(value);
    return copy;
  }
  const names = Object.keys(chosen);
  const at = kind === 'add' ? name : names[member % Math.max(names.length, 1)];
  if (at === undefined) return copy;
  if (kind === 'drop') Reflect.deleteProperty(chosen, at);
  // Assigned, `__proto__` would not become a member.
  else
    Object.defineProperty(chosen, at, {
      value,
      enumerable: true,
      writable: true,
      configurable: true,
    });
  return copy;
}

function containersIn(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value, ...Object.values(value).flatMap(containersIn)];
}
