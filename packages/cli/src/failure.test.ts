import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { EXIT } from './exit-code.ts';
import { tellFailure } from './failure.ts';

const failureOf = async (path: string) =>
  readFile(path).then(
    () => undefined,
    (error: unknown) => tellFailure(error),
  );

test('a folder in place of a file, and a file that is not there, are mistakes of the command line', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-failure-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  expect(await failureOf(folder)).toEqual({
    message: 'what is to be read is a folder; name a file',
    exitCode: EXIT.usage,
  });
  expect(await failureOf(join(folder, 'nothing'))).toEqual({
    message: `there is no ${join(folder, 'nothing')}`,
    exitCode: EXIT.usage,
  });
});

test('a fault of the program itself is none', () => {
  expect(tellFailure(new TypeError('x is not a function'))).toBeUndefined();
});
