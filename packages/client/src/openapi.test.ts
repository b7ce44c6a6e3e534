import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { typesOfTheApi } from '../generate-types.ts';

test('the types are those of the API as it is; `pnpm client:types` makes them anew', async () => {
  const written = readFileSync(new URL('openapi.ts', import.meta.url), 'utf8');
  // The difference would fill the screen.
  expect((await typesOfTheApi()) === written, 'run `pnpm client:types`').toBe(true);
}, 60_000);
