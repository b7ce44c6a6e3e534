import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readConfiguration } from './read-configuration.ts';

test('the file that is named counts, else the one of the checkout, else the environment', () => {
  const root = mkdtempSync(join(tmpdir(), 'understudy-checkout-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  symlinkSync(join(import.meta.dirname, '../../../../services'), join(root, 'services'));
  const write = (name: string, text: string) => {
    writeFileSync(join(root, name), text);
    return join(root, name);
  };
  const read = (environment = {}) => readConfiguration({ environment, root });
  expect(read()).toMatchObject({ path: undefined, settings: { redis: { durability: 'checked' } } });

  const own = write('understudy.yaml', 'redis: { durability: assumed }\n');
  expect(read()).toMatchObject({ path: own, settings: { redis: { durability: 'assumed' } } });

  const named = write('named.yaml', 'redis: { durability: perhaps }\n');
  const { settings, problems } = read({ UNDERSTUDY_CONFIG: named });
  expect(settings).toBeUndefined();
  expect(problems).toEqual([expect.stringContaining(`${named}: redis.durability`)]);
});
