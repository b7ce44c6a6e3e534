import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openRunFolder } from '../batch/run-folder.ts';
import { readInput } from '../read-input.ts';
import type { Session } from '../session.ts';

/** What a run reads its prompts from. */
export interface OpenInput extends AsyncDisposable {
  /** Of a copy that is the run's own. */
  path: string;
  /** As messages call it. */
  name: string;
}

/**
 * Copies the file of prompts, or standard input (`-`): prompts are read again for each round and beside
 * their answers, and the file may be another one by then. Gone once disposed of.
 */
export async function openInput(
  { stdin, signal }: Pick<Session, 'stdin' | 'signal'>,
  given: string,
): Promise<OpenInput> {
  const folder = await openRunFolder();
  const path = join(folder.path, 'prompts');
  const source = given === '-' ? stdin : createReadStream(given);
  try {
    await pipeline(readInput({ stdin: source, signal }), createWriteStream(path, { mode: 0o600 }));
  } catch (error) {
    await folder[Symbol.asyncDispose]();
    throw error;
  }
  const name = given === '-' ? 'standard input' : given;
  return { path, name, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}
