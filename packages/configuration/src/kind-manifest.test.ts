import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sampleKinds } from './testing/sample-kinds.ts';
import { readKindManifests } from './kind-manifest.ts';
import { parseSettings } from './load-settings.ts';

function servicesWith(files: Record<string, string>) {
  const services = mkdtempSync(join(tmpdir(), 'understudy-services-'));
  for (const [folder, content] of Object.entries(files)) {
    mkdirSync(join(services, folder));
    writeFileSync(join(services, folder, 'kind.json'), content);
  }
  return services;
}

test('a folder with a manifest is all it takes to add a kind', () => {
  const [first, second] = sampleKinds.map((kind) => JSON.stringify(kind));
  const services = servicesWith({ 'worker-b': second ?? '', 'worker-a': first ?? '', api: '{}' });
  mkdirSync(join(services, 'worker-unfinished'));
  expect(readKindManifests(services)).toEqual(sampleKinds.slice(0, 2));
});

test('every broken manifest is named', () => {
  const services = servicesWith({ 'worker-a': '{', 'worker-b': '{"kind":"b","fields":1}' });
  expect(() => readKindManifests(services)).toThrow(/worker-a.*\n.*worker-b.*fields/s);
});

test.each([
  'kind: databricks, token: t, host: dbc-1.cloud.databricks.com',
  'kind: databricks, token: t, baseUrl: "https://proxy.example"',
  'kind: azure, baseUrl: "https://proxy.example"',
  'kind: openai-compatible, baseUrl: "https://proxy.example"',
])('a provider has an address by its own field or by baseUrl: %s', (members) => {
  const kinds = readKindManifests(join(import.meta.dirname, '../../../services'));
  const options = { environment: {}, kinds, credentials: 'resolve' } as const;
  const { providers } = parseSettings(`providers: { a: { ${members} } }`, options);
  expect(Object.keys(providers)).toEqual(['a']);
});
