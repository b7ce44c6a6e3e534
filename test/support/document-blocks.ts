import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './source-tree.ts';

/** The text of a page below `docs`. */
export function readDocument(name: string): string {
  return readFileSync(join(ROOT, 'docs', name), 'utf8');
}

/** The fenced blocks of one language, in order. */
export function documentBlocks(markdown: string, language: string): string[] {
  const blocks = markdown.matchAll(/^```(?<language>\w+)\n(?<content>.*?)^```$/gms);
  return [...blocks].flatMap(({ groups }) =>
    groups?.['language'] === language ? [groups['content'] ?? ''] : [],
  );
}
