import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { readInput } from '../read-input.ts';
import type { Session } from '../session.ts';

/** The file of prompts. Standard input (`-`) is kept in one, for prompts are read twice. */
export async function openInput(
  session: Session,
  path: string,
): Promise<AsyncDisposable & { path: string }> {
  if (path !== '-') return { path, [Symbol.asyncDispose]: async () => undefined };
  const folder = await mkdtemp(join(tmpdir(), 'understudy-prompts-'));
  const copy = join(folder, 'prompts');
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    await pipeline(readInput(session), createWriteStream(copy, { mode: 0o600 }));
  } catch (error) {
    await remove();
    throw error;
  }
  return { path: copy, [Symbol.asyncDispose]: remove };
}
