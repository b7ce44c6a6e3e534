import { expect, test } from 'vitest';
import { readTraceState } from './trace-state.ts';

test.each([
  ['one member', 'congo=t61rcWkgMzE', 'congo=t61rcWkgMzE'],
  [
    'several, with white space',
    'rojo=00f067aa0ba902b7 ,\t congo=t61',
    'rojo=00f067aa0ba902b7,congo=t61',
  ],
  ['empty members', ',,a=1, ,b=2,', 'a=1,b=2'],
  ['a tenant', '0tenant@vendor=x y', '0tenant@vendor=x y'],
  [
    '512 characters',
    `a=${'x'.repeat(252)},b=${'y'.repeat(255)}`,
    `a=${'x'.repeat(252)},b=${'y'.repeat(255)}`,
  ],
])('%s is kept', (_what, header, kept) => {
  expect(readTraceState(header)).toBe(kept);
});

test.each([
  ['nothing', ''],
  ['513 characters', `a=${'x'.repeat(253)},b=${'y'.repeat(255)}`],
  ['a name alone', 'congo'],
  ['capital letters', 'Congo=1'],
  ['a name that begins with a digit', '1a=1'],
  ['a value with an equals sign', 'a=b=c'],
  ['a value with a line break', 'a=b\nc'],
  ['a value that is no ASCII', 'a=é'],
  ['an empty value', 'a='],
  ['the same name twice', 'a=1,b=2,a=3'],
  ['33 members', Array.from({ length: 33 }, (_, index) => `m${index}=1`).join(',')],
])('%s is dropped', (_what, header) => {
  expect(readTraceState(header)).toBeUndefined();
});
