import { canonicalName } from '@understudy/models';
import { describeProvider, providerSettings } from '@understudy/provider/testing';
import { expect, test } from 'vitest';
import { acceptedNames, modelNames, retiredSince } from './model-names.ts';
import { anthropic } from './provider.ts';

describeProvider(anthropic, {
  settings: (origin) => ({ baseUrl: origin, apiKey: 'sk-ant-tested-key' }),
  secret: 'sk-ant-tested-key',
  headers: { 'x-api-key': 'sk-ant-tested-key', 'anthropic-version': '2023-06-01' },
  calls: [{ dialect: 'messages', model: 'claude-opus-4-6', path: '/v1/messages' }],
});

function connect(members: { apiKey?: string }): unknown {
  return anthropic.connect(providerSettings('anthropic', members));
}

test('a missing key is named, and one that no header can carry is not quoted', () => {
  expect(() => connect({})).toThrow(/^providers\.tested\.apiKey: missing/);
  expect(() => connect({ apiKey: 'sk-ant\nx' })).toThrow(
    /^providers\.tested\.apiKey: (?!.*sk-ant)/,
  );
});

test('every name in the tables leads to a model of the catalog', () => {
  for (const canonical of [...Object.keys(modelNames), ...Object.keys(retiredSince)]) {
    expect(canonicalName(canonical)).toBe(canonical);
  }
  expect(acceptedNames.filter((name) => canonicalName(name) === undefined)).toEqual([]);
});
