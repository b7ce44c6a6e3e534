import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Session } from '../session.ts';

/** The file of prompts. Standard input (`-`) is kept in one, for prompts are read twice. */
export async function openInput(
  { stdin }: Session,
  path: string,
): Promise<AsyncDisposable & { path: string }> {
  if (path !== '-') return { path, [Symbol.asyncDispose]: async () => undefined };
  const folder = await mkdtemp(join(tmpdir(), 'understudy-prompts-'));
  const copy = join(folder, 'prompts');
  await pipeline(stdin, createWriteStream(copy, { mode: 0o600 }));
  return {
    path: copy,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
