import { mkdtempSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { sampleKinds } from './testing/sample-kinds.ts';
import type { ConfigurationError } from './configuration-error.ts';
import { loadSettings } from './load-settings.ts';
import type { Settings } from './settings.ts';
import { watchSettings } from './watch-settings.ts';

const fileWith = (model: string) => `
providers: { a: { kind: anthropic, apiKey: k } }
routes: { main: { targets: [{ provider: a, model: ${model} }] } }
`;

function startWatch() {
  const path = join(mkdtempSync(join(tmpdir(), 'understudy-watch-')), 'understudy.yaml');
  writeFileSync(path, fileWith('first'));
  const seen: (Settings | ConfigurationError)[] = [];
  const record = (item: Settings | ConfigurationError) => seen.push(item);
  const load = () =>
    loadSettings({ path, environment: {}, kinds: sampleKinds, credentials: 'resolve' });
  const watch = watchSettings(load, path, record, record);
  onTestFinished(() => watch.close());
  const next = async (count: number) => {
    await vi.waitUntil(() => seen.length >= count, { timeout: 5_000, interval: 10 });
    return seen[count - 1];
  };
  return { path, seen, next };
}

test('an edit is taken up, a broken one is reported once and changes nothing', async () => {
  const { path, seen, next } = startWatch();
  writeFileSync(path, fileWith('second'));
  expect(await next(1)).toMatchObject({
    routes: { main: { targets: [{ provider: 'a', model: 'second' }] } },
  });

  writeFileSync(path, 'routes: { main: { targets: [{ provider: nobody }], timeout: 3s } }');
  expect(await next(2)).toMatchObject({
    problems: expect.arrayContaining([expect.stringContaining('no provider named "nobody"')]),
  });
  writeFileSync(path, 'routes: { main: { targets: [{ provider: nobody }], timeout: 3s } } ');

  writeFileSync(`${path}.new`, fileWith('third'));
  renameSync(`${path}.new`, path);
  expect(await next(3)).toMatchObject({
    routes: { main: { targets: [{ provider: 'a', model: 'third' }] } },
  });
  expect(seen).toHaveLength(3);
});
