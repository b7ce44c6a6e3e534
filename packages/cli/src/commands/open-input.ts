import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { openRunFolder } from '../batch/run-folder.ts';
import { createFile } from '../batch/written-file.ts';
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
  try {
    const copy = await createFile(path);
    try {
      // Opened no sooner: an error that comes before somebody reads is nobody's.
      const source = given === '-' ? stdin : createReadStream(given);
      for await (const piece of readInput({ stdin: source, signal })) await copy.write(piece);
      await copy.end();
    } finally {
      copy.abandon();
    }
  } catch (error) {
    await folder[Symbol.asyncDispose]();
    throw error;
  }
  const name = given === '-' ? 'standard input' : given;
  return { path, name, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}
