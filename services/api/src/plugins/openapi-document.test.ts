import { expect, test, vi } from 'vitest';
import { startTestApi } from '../testing/start-test-api.ts';

/** Public, and of more than half a megabyte. */
const FORMS = ['/openapi.json', '/docs/json', '/docs/yaml'];

/** It is written out twice, on machines that do other things as well. */
const SLOW = { timeout: 60_000 };

test(
  'the document of the API is written out once, however often those without a key ask for it',
  SLOW,
  async () => {
    const { app, url } = await startTestApi();
    const first = await Promise.all(FORMS.map(async (path) => (await fetch(url + path)).text()));
    const made = vi.spyOn(app, 'swagger');
    for (const [index, path] of FORMS.entries()) {
      const again = await fetch(url + path);
      expect([again.status, (await again.text()) === first[index]]).toEqual([200, true]);
    }
    expect(made).not.toHaveBeenCalled();
    const [json = '', sameJson, yaml] = first;
    expect(JSON.parse(json)).toMatchObject({ openapi: '3.1.0' });
    expect(sameJson).toBe(json);
    expect(yaml).toMatch(/^openapi: 3\.1\.0\n/);
  },
);
