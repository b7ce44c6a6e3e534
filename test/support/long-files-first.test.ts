import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createVitest } from 'vitest/node';
import { LONG_FILES_SECONDS } from './long-files-first.ts';

const root = join(import.meta.dirname, '../..');

test('the files that are known to take long are there', () => {
  const missing = Object.keys(LONG_FILES_SECONDS).filter((path) => !existsSync(join(root, path)));
  expect(missing).toEqual([]);
});

test('the longest files come first, of whichever kind they are', async () => {
  const vitest = await createVitest('test', { root, watch: false, globalSetup: [] });
  try {
    const files = await vitest.globTestSpecifications();
    const sequencer = new vitest.config.sequence.sequencer(vitest);
    const sorted = await sequencer.sort.call(sequencer, files);
    const seconds = sorted.map(
      ({ moduleId }) => LONG_FILES_SECONDS[moduleId.slice(root.length + 1)] ?? 0,
    );
    expect(seconds).toEqual(seconds.toSorted((one, other) => other - one));
    expect(new Set(sorted.map(({ project }) => project.config.sequence.groupOrder)).size).toBe(1);
    expect(sorted).toHaveLength(files.length);
  } finally {
    await vitest.close();
  }
});
