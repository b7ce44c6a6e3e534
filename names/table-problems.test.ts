import { expect, test } from 'vitest';
import type { KnownNames } from './name-tables.ts';
import { readKnownNames } from './name-tables.ts';
import { tableProblems } from './table-problems.ts';

function known(members: Partial<KnownNames>): KnownNames {
  return { tables: [], accepted: [], retired: [], ...members };
}

function table(source: string, models: Record<string, string>): KnownNames['tables'][number] {
  return { provider: source, source, models };
}

test('the tables of all worker services agree', async () => {
  const names = await readKnownNames();
  expect(new Set(names.tables.map(({ provider }) => provider)).size).toBeGreaterThan(12);
  expect(names.accepted.length).toBeGreaterThan(1);
  expect(names.retired.length).toBeGreaterThan(1);
  expect(tableProblems(names)).toEqual([]);
});

test('a name outside the catalog is told, with the name that was meant', () => {
  const tables = [table('a', { 'gpt-99': 'x', 'claude-sonnet-4-0': 'y' })];
  expect(tableProblems(known({ tables }))).toEqual([
    'a: "gpt-99" is no model of the catalog',
    'a: "claude-sonnet-4-0" is no model of the catalog, which calls it "claude-sonnet-4"',
  ]);
});

test('an id for two models of one table is told', () => {
  const tables = [table('a', { 'gpt-5.5': 'same', 'gpt-5.4': 'same' })];
  expect(tableProblems(known({ tables }))).toEqual([
    'a: "same" stands for "gpt-5.5" and "gpt-5.4"',
  ]);
});

test('an id that is a known name of another model is told', () => {
  const tables = [table('a', { 'claude-opus-4-1': 'claude-opus-4-0' })];
  expect(tableProblems(known({ tables }))).toEqual([
    'a: "claude-opus-4-1" is sent as "claude-opus-4-0", a name of "claude-opus-4"',
  ]);
});

test('an id that two tables take for different models is told once, with both places', () => {
  const tables = [table('a', { 'gpt-5.5': 'big' }), table('b', { 'gpt-5.4': 'big' })];
  expect(tableProblems(known({ tables }))).toEqual(['"big" is "gpt-5.5" in a, but "gpt-5.4" in b']);
});

test('tables may share ids for the same model', () => {
  const tables = [table('a', { 'gpt-5.5': 'big' }), table('b', { 'gpt-5.5': 'big' })];
  expect(tableProblems(known({ tables }))).toEqual([]);
});

test('a date that no calendar has is told', () => {
  const dates = { 'gpt-5.5': '2026-02-30', 'gpt-5.4': '2026-2-3', o3: '2026-12-11' };
  const retired = [{ provider: 'a', source: 'a', dates }];
  expect(tableProblems(known({ retired }))).toEqual([
    'a: "gpt-5.5" is retired on "2026-02-30"',
    'a: "gpt-5.4" is retired on "2026-2-3"',
  ]);
});

test('an accepted name must be an alias of some model', () => {
  const accepted = [{ provider: 'a', source: 'a', names: ['gpt-5.5-2026-04-23', 'gpt-99'] }];
  expect(tableProblems(known({ accepted }))).toEqual([
    'a: "gpt-99" is accepted, but is an alias of no model',
  ]);
});
