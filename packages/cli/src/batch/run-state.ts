import { readFile, rm } from 'node:fs/promises';
import { z } from 'zod';
import { CommandError } from '../command-error.ts';
import { EXIT } from '../exit-code.ts';
import { createFile, replaceFile } from './written-file.ts';

/** One batch of a run: the first has all lines, each later one those that had failed before. */
const roundSchema = z.object({
  /** The idempotency key of upload and batch. */
  key: z.string(),
  lines: z.int(),
  batch: z.string().optional(),
  /** How the batch ended; its answers may not be written yet. */
  ended: z.string().optional(),
  /** Lines without an answer, once the answers were written; of the last round. */
  failed: z.int().optional(),
});
export type Round = z.infer<typeof roundSchema>;

const runStateSchema = z.object({
  v: z.literal(1),
  /** Of the requests as they were sent. */
  sha256: z.string(),
  /** Made anew by --fresh, so that the same requests are another run. */
  generation: z.string(),
  rounds: z.array(roundSchema).min(1),
});
/** What a run remembers beside its answers, so that it can be picked up. */
export type RunState = z.infer<typeof runStateSchema>;

export function statePath(answersPath: string): string {
  return `${answersPath}.state.json`;
}

/** @throws CommandError when the file is there and is none of ours */
export async function readState(path: string): Promise<RunState | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return runStateSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new CommandError(
      `${path} is not what a run leaves behind; remove it, and the run finds its batch by the prompts`,
      EXIT.usage,
      { cause: error },
    );
  }
}

/** Replaces the file whole: whoever kills this process finds the old state or the new one. */
export async function writeState(path: string, state: RunState): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  const file = await createFile(temporary, path);
  try {
    await file.write(`${JSON.stringify(state, undefined, 2)}\n`);
    await file.end();
    await replaceFile(temporary, path);
  } finally {
    file.abandon();
    await rm(temporary, { force: true });
  }
}
