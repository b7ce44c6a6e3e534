import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './support/source-tree.ts';

const pages = globSync('{*,{docs,bench,examples}/*,packages/console/*}.md', { cwd: ROOT });
const textOf = (page: string): string => readFileSync(join(ROOT, page), 'utf8');

test.each(pages)('what %s links to is there, down to the heading', (page) => {
  const broken = [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = '']) =>
    isThere(page, link) ? [] : [link],
  );
  expect(broken).toEqual([]);
});

test('README leads to every page of docs', () => {
  const readme = textOf('README.md');
  const hidden = pages.filter((page) => page.startsWith('docs/') && !readme.includes(`(${page})`));
  expect(pages.length).toBeGreaterThan(20);
  expect(hidden).toEqual([]);
});

/** The commands of all pages that start a Redis which keeps what it accepts. */
function keepingServers(): string[] {
  const text = pages
    .map(textOf)
    .join('\n')
    .replaceAll(/\\\n */g, '');
  const commands = [...text.matchAll(/^.*redis-server .*$/gm)].map(([line]) => line);
  const keeping = commands.filter((line) => line.includes('--appendonly yes'));
  expect(keeping.length).toBeGreaterThan(2);
  return keeping;
}

test('no two servers that a page starts write the same append-only file', () => {
  expect(keepingServers().filter((line) => !line.includes('--dir '))).toEqual([]);
});

test('servers that a page starts are set up as that of the compose file', () => {
  const compose = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8');
  const [, settings = 'none'] = /redis-server (--appendonly .*?) --save /.exec(compose) ?? [];
  expect(keepingServers().filter((line) => !line.includes(settings))).toEqual([]);
});

function isThere(page: string, link: string): boolean {
  if (/^https?:/.test(link)) return true;
  const [path = '', heading] = link.split('#');
  const target = path === '' ? page : normalize(join(dirname(page), path));
  if (!existsSync(join(ROOT, target))) return false;
  return heading === undefined || headingsOf(target).includes(heading);
}

/** The names by which GitHub links to the headings of a page. */
function headingsOf(page: string): string[] {
  return [...textOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_\- ]/gu, '')
      .replaceAll(' ', '-'),
  );
}
