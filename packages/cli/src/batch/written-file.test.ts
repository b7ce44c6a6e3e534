import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { EXIT } from '../exit-code.ts';
import { tellFailure } from '../failure.ts';
import { createFile } from './written-file.ts';

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => tellFailure(error),
  );

test.skipIf(!existsSync('/dev/full'))(
  'a disk that is full is told with the name that the user knows, also amid writing',
  async () => {
    const full = { message: 'there is no space left to write answers.jsonl', exitCode: EXIT.usage };
    const short = await createFile('/dev/full', 'answers.jsonl');
    await short.write('x');
    expect(await failureOf(short.end())).toEqual(full);
    const long = await createFile('/dev/full', 'answers.jsonl');
    expect(await failureOf(long.write('x'.repeat(4_000_000)))).toEqual(full);
    expect(await failureOf(long.write('x'))).toEqual(full);
  },
);

test('of a folder that takes no file the folder is told, and not a file that nobody named', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-written-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const gone = join(folder, 'gone');
  expect(await failureOf(createFile(join(gone, 'answers.1.part'), join(gone, 'answers')))).toEqual({
    message: `there is no ${gone}`,
    exitCode: EXIT.usage,
  });
});

test.each([
  ['EACCES', 'is closed to this user'],
  ['EDQUOT', 'quota'],
  ['EFBIG', 'would be larger'],
  ['EIO', 'has failed'],
  ['EROFS', 'cannot be written'],
])('%s is told in words, with its path', (code, words) => {
  const error = Object.assign(new Error(code), { code, syscall: 'write', path: '/data/answers' });
  const failure = tellFailure(error);
  expect(failure).toMatchObject({ exitCode: EXIT.usage });
  expect(failure?.message).toContain('/data/answers');
  expect(failure?.message).toContain(words);
});
