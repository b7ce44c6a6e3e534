import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './support/source-tree.ts';

const page = readFileSync(join(ROOT, 'SECURITY.md'), 'utf8');
const defended = page.slice(page.indexOf('## What is defended'), page.indexOf('## What is not'));
const pathsIn = (text: string): string[] =>
  [...text.matchAll(/`([\w./-]+\.(?:ts|lua|yaml|yml)|Dockerfile)`/g)].map(([, path]) => path!);

/** Rows of all tables, without heads and rules. */
const rows = defended
  .split('\n')
  .filter((line) => line.startsWith('|') && !/^\| (?:threat|-+) /.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()));

test('every mechanism that the page names is a file, and so is every test', () => {
  expect(pathsIn(page).length).toBeGreaterThan(40);
  expect(pathsIn(page).filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

test('whatever is said to be defended is tried by a test', () => {
  expect(rows.length).toBeGreaterThan(20);
  const untried = rows.filter(([, , , tried = '']) => !/\.test\.ts`/.test(tried));
  expect(untried.map(([, threat]) => threat)).toEqual([]);
});
