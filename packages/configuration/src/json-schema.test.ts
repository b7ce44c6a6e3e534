import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sampleKinds } from './testing/sample-kinds.ts';
import { eachSetting } from './testing/each-setting.ts';
import { formatJson } from './testing/format-json.ts';
import { writeSettingsPage } from './testing/write-settings-page.ts';
import { buildSettings } from './build-settings.ts';
import { settingsJsonSchema } from './json-schema.ts';
import { readKindManifests } from './kind-manifest.ts';
import { settingsFileSchema } from './settings-file.ts';

const repository = join(import.meta.dirname, '../../..');
const kinds = readKindManifests(join(repository, 'services'));
const settings = eachSetting(settingsJsonSchema(kinds));

// Both are brought up to date with `vitest run --project unit packages/configuration --update`.
test('the published JSON Schema is the one that the code checks by', async () => {
  await expect(formatJson(settingsJsonSchema(kinds))).toMatchFileSnapshot(
    join(repository, 'docs/understudy.schema.json'),
  );
});

test('docs/configuration.md tells every setting', async () => {
  await expect(writeSettingsPage(settings)).toMatchFileSnapshot(
    join(repository, 'docs/configuration.md'),
  );
});

test('every setting says what it is', () => {
  expect(settings.length).toBeGreaterThan(100);
  const silent = settings.filter(({ description = '' }) => !description.endsWith('.'));
  expect(silent.map(({ path }) => path)).toEqual([]);
});

test('a file that says every default is a file that says nothing', () => {
  const schema = settingsFileSchema(sampleKinds);
  const target = { provider: 'vendor' };
  const split = [{ provider: 'other', weight: 1, ...defaultsOf('routes.*.targets[].split[]') }];
  const provider = { kind: 'anthropic', apiKey: 'a-key' };
  const said = schema.parse({
    ...defaultsOf(''),
    ...Object.fromEntries(SECTIONS.map((name) => [name, defaultsOf(name)])),
    providers: { vendor: { ...provider, ...defaultsOf('providers.*') }, other: provider },
    routes: { chat: { targets: [target, { split }], ...defaultsOf('routes.*') } },
  });
  const silent = schema.parse({
    providers: { vendor: provider, other: provider },
    routes: { chat: { targets: [target, { split: [{ provider: 'other', weight: 1 }] }] } },
  });
  expect(Object.keys(defaultsOf('defaults')).length).toBeGreaterThan(5);
  expect(buildSettings(said, sampleKinds)).toEqual(buildSettings(silent, sampleKinds));
});

const SECTIONS = settings
  .filter(({ path, hasMembers }) => hasMembers && !path.includes('.'))
  .map(({ path }) => path);

/** What the schema says of the members of a section that are left out. */
function defaultsOf(section: string): Record<string, unknown> {
  const prefix = section === '' ? '' : `${section}.`;
  return Object.fromEntries(
    settings
      .filter(({ path, byDefault }) => path.startsWith(prefix) && byDefault !== undefined)
      .map(({ path, byDefault }) => [path.slice(prefix.length), byDefault] as const)
      .filter(([name]) => !/[.[]/.test(name)),
  );
}
