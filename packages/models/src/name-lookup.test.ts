import { expect, test } from 'vitest';
import { lookupName, type NamedModels } from './name-lookup.ts';

const today = '2026-11-22';

function provider(members: Partial<NamedModels>): NamedModels {
  return { models: {}, accepts: [], retired: {}, overrides: {}, passthrough: false, ...members };
}

const anthropic = provider({
  models: {
    'claude-sonnet-4': 'claude-sonnet-4-20250514',
    'claude-sonnet-4-5': 'claude-sonnet-4-5-20250929',
    'claude-opus-4-6': 'claude-opus-4-6',
  },
  accepts: ['claude-sonnet-4-0', 'claude-sonnet-4-20250514', 'claude-sonnet-4-5-20250929'],
  retired: { 'claude-sonnet-4': '2026-06-15', 'claude-sonnet-4-5': '2026-11-30' },
});
const vertex = provider({ models: { 'claude-sonnet-4': 'claude-sonnet-4@20250514' } });

test('each provider gets its own name for one request', () => {
  expect(lookupName('claude-sonnet-4-0', undefined, vertex, today)).toEqual({
    kind: 'mapped',
    model: 'claude-sonnet-4@20250514',
  });
  expect(lookupName('claude-opus-4.6', undefined, anthropic, today)).toEqual({
    kind: 'mapped',
    model: 'claude-opus-4-6',
  });
});

test('a dated snapshot goes to its own vendor unchanged', () => {
  const openai = provider({ models: { 'gpt-5.5': 'gpt-5.5' }, accepts: ['gpt-5.5-2026-04-23'] });
  expect(lookupName('gpt-5.5-2026-04-23', undefined, openai, today)).toEqual({
    kind: 'mapped',
    model: 'gpt-5.5-2026-04-23',
  });
});

test('a model is retired from its date on, under every spelling', () => {
  for (const name of ['claude-sonnet-4', 'claude-sonnet-4-0', 'claude-sonnet-4-20250514']) {
    expect(lookupName(name, undefined, anthropic, today)).toEqual({
      kind: 'retired',
      since: '2026-06-15',
    });
  }
  expect(lookupName('claude-sonnet-4-5', undefined, anthropic, '2026-11-29').kind).toBe('mapped');
  expect(lookupName('claude-sonnet-4-5', undefined, anthropic, '2026-11-30').kind).toBe('retired');
});

test('a target that names a retired model has it sent', () => {
  expect(lookupName('sonnet', 'claude-sonnet-4', anthropic, today)).toEqual({
    kind: 'mapped',
    model: 'claude-sonnet-4-20250514',
  });
});

test("a target's model is translated where the table knows it and sent as it is otherwise", () => {
  expect(lookupName('sonnet', 'claude-sonnet-4-0', vertex, today)).toEqual({
    kind: 'mapped',
    model: 'claude-sonnet-4@20250514',
  });
  expect(lookupName('sonnet', 'my-endpoint', vertex, today)).toEqual({
    kind: 'mapped',
    model: 'my-endpoint',
  });
});

test("the operator's names win over retirement and table, by asked and by canonical name", () => {
  const overridden = { ...anthropic, overrides: { 'claude-sonnet-4': 'ours-4', tune: 'ft@1' } };
  expect(lookupName('tune', undefined, overridden, today)).toEqual({
    kind: 'mapped',
    model: 'ft@1',
  });
  expect(lookupName('claude-sonnet-4-0', undefined, overridden, today)).toEqual({
    kind: 'mapped',
    model: 'ours-4',
  });
});

test('an unknown name is unmapped, unless the provider passes names through', () => {
  expect(lookupName('our-tune', undefined, anthropic, today)).toEqual({ kind: 'unmapped' });
  expect(lookupName('constructor', undefined, anthropic, today)).toEqual({ kind: 'unmapped' });
  expect(lookupName('our-tune', undefined, provider({ passthrough: true }), today)).toEqual({
    kind: 'mapped',
    model: 'our-tune',
  });
});
