import { join } from 'node:path';
import { expect, test } from 'vitest';
import { settingsJsonSchema } from './json-schema.ts';
import { readKindManifests } from './kind-manifest.ts';

const repository = join(import.meta.dirname, '../../..');

const WIDTH = 100;

/** JSON as the repository's formatter leaves it: lists of plain values on one line where they fit. */
function formatJson(value: unknown): string {
  const text = JSON.stringify(value, null, 2).replaceAll(
    /^( *)(.*)\[\n([^[\]{}]*)\n *\](,?)$/gm,
    (block, indent: string, name: string, items: string, comma: string) => {
      const line = `${indent}${name}[${items.trim().replaceAll(/\n */g, ' ')}]${comma}`;
      return line.length <= WIDTH ? line : block;
    },
  );
  return `${text}\n`;
}

test('the published JSON Schema is the one that the code checks by', async () => {
  const kinds = readKindManifests(join(repository, 'services'));
  // Bring it up to date with `vitest run --project unit packages/configuration --update`.
  await expect(formatJson(settingsJsonSchema(kinds))).toMatchFileSnapshot(
    join(repository, 'docs/understudy.schema.json'),
  );
});
