import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT, readImports } from './support/source-tree.ts';

/** What runs other programs, or text as code, or opens the process to a debugger. */
const POWERFUL =
  /^(?:node:)?(?:child_process|vm|cluster|worker_threads|inspector|repl|module|ffi)(?:\/|$)/;

/**
 * The start command brings up the services, and Redis where there is none; command line and client
 * run on their users' machines, and no service depends on them.
 */
const MAY_RUN_PROGRAMS = /^(?:services\/standalone|packages\/(?:cli|client))\//;

test('nothing that serves requests can run a program or text as code', () => {
  const found = readImports().filter(
    ({ file, from, inTest, typeOnly }) =>
      POWERFUL.test(from) && !inTest && !typeOnly && !MAY_RUN_PROGRAMS.test(file),
  );
  expect(found.map(({ file, from }) => `${file} imports ${from}`)).toEqual([]);
  // The rule finds something where it is allowed, so it can find something elsewhere.
  expect(
    readImports().some(({ file, from }) => POWERFUL.test(from) && MAY_RUN_PROGRAMS.test(file)),
  ).toBe(true);
});

test('no source makes code out of text, or picks at run time what it imports', () => {
  const files = globSync('{packages,services}/*/src/**/*.ts', { cwd: ROOT }).filter(
    (file) => !/\.test\.ts$|\/testing\//.test(file),
  );
  expect(files.length).toBeGreaterThan(300);
  const strange = files.flatMap((file) =>
    readFileSync(join(ROOT, file), 'utf8')
      .split('\n')
      .filter((line) => !/^\s*(?:\*|\/\/)/.test(line))
      .filter((line) => /\beval\(|new Function\(|\bimport\((?!['"])|\brequire\(/.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  );
  expect(strange).toEqual([]);
});
