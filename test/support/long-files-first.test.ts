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

test('each group starts with its longest files, and groups stay in order', async () => {
  const vitest = await createVitest('test', { root, watch: false, globalSetup: [] });
  try {
    const files = await vitest.globTestSpecifications();
    const sequencer = new vitest.config.sequence.sequencer(vitest);
    const sorted = await sequencer.sort.call(sequencer, files);
    const rows = sorted.map(({ moduleId, project }) => ({
      group: project.config.sequence.groupOrder,
      seconds: LONG_FILES_SECONDS[moduleId.slice(root.length + 1)] ?? 0,
    }));
    expect(rows).toEqual(
      rows.toSorted((one, other) => one.group - other.group || other.seconds - one.seconds),
    );
    expect(sorted).toHaveLength(files.length);
  } finally {
    await vitest.close();
  }
});
