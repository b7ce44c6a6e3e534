import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT, readWorkspaces } from './support/source-tree.ts';

const page = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8');
const workspaces = readWorkspaces();

/** Cells of the rows of all tables whose first cell is one name in code. */
const rows = [...page.matchAll(/^\| `([\w<>-]+)` +\|(.*)\|$/gm)].map(([, name = '', rest = '']) => [
  name,
  ...rest.split('|').map((cell) => cell.trim()),
]);

test('the page says of each package what it imports of the others', () => {
  const told = rows.filter(([name]) => existsSync(join(ROOT, 'packages', name ?? '')));
  const packages = workspaces.filter(({ folder }) => folder.startsWith('packages/'));
  expect(Object.fromEntries(told.map(([name, , imported]) => [name, imported]))).toEqual(
    Object.fromEntries(packages.map(({ name, dependencies }) => [name, listed(dependencies)])),
  );
});

test('packages stand in the order in which they build on each other', () => {
  const order = rows.map(([name = '']) => name);
  const upwards = rows.flatMap(([name = '', , imported = '']) =>
    imported
      .split(', ')
      .filter((below) => order.indexOf(below) >= order.indexOf(name))
      .map((below) => `${name} imports ${below}`),
  );
  expect(upwards).toEqual([]);
});

test('the page names every service', () => {
  const services = workspaces
    .filter(({ folder }) => folder.startsWith('services/'))
    .map(({ name }) => (name.startsWith('worker-') ? 'worker-<kind>' : name));
  const told = rows.map(([name]) => name);
  expect(services.filter((name) => !told.includes(name))).toEqual([]);
});

test('the page names every folder of the API, and no other', () => {
  const folders = globSync('services/api/src/*/', { cwd: ROOT }).map((path) => basename(path));
  const told = [...page.matchAll(/^\| `([\w-]+)\/` +\|/gm)].map(([, name = '']) => name);
  expect(told.toSorted()).toEqual(folders.toSorted());
});

test('every file that the page names is there', () => {
  const files = globSync('{packages,services,test}/**/*.{ts,lua,json}', {
    cwd: ROOT,
    exclude: (path) => path.endsWith('node_modules'),
  });
  const names = new Set([...files, ...files.map((file) => basename(file))]);
  const named = [...page.matchAll(/`([\w./-]+\.(?:ts|lua|json))`/g)].map(([, name = '']) => name);
  expect(named.length).toBeGreaterThan(30);
  expect(named.filter((name) => !names.has(name))).toEqual([]);
});

function listed(dependencies: readonly string[]): string {
  const ours = dependencies.filter((name) => name.startsWith('@understudy/'));
  return ours.length === 0 ? '–' : ours.map((name) => name.slice('@understudy/'.length)).join(', ');
}
