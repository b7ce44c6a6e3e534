import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sampleKinds } from './testing/sample-kinds.ts';
import { readKindManifests } from './kind-manifest.ts';

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
