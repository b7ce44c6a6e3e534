import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UnderstudyError } from '@understudy/client';
import { expect, onTestFinished, test } from 'vitest';
import { EXIT } from './exit-code.ts';
import { asksToWait, mayPass, tellFailure } from './failure.ts';

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

test.each([
  ['a limit that time gives room in', 429, false, true, EXIT.unreachable],
  ['a limit that is used up', 429, true, false, EXIT.failed],
  ['a broker that cannot', 503, false, true, EXIT.unreachable],
  ['an answer that will not come', 504, true, false, EXIT.failed],
  ['another use of an idempotency key', 422, true, false, EXIT.usage],
])(
  '%s: what may pass, and what the command ends with',
  (_name, status, final, passes, exitCode) => {
    const error = new UnderstudyError('the broker says why', { code: 'a_code', status, final });
    expect(mayPass(error)).toBe(passes);
    expect(asksToWait(error)).toBe(status === 429);
    expect(tellFailure(error)).toEqual({ message: 'the broker says why', exitCode });
  },
);
