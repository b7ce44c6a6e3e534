import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { on } from 'node:events';
import { onTestFinished } from 'vitest';
import type { PlaceDescription } from './bytes-place.ts';

/** `many`: files one after another, each reported; `large`: one file, written and read back. */
export interface WriterTask {
  mode: 'many' | 'large';
  bytes: number;
}

/** A process of its own that writes into a place, so that it can be killed, or its memory measured. */
export function startWriter(
  place: PlaceDescription,
  task: WriterTask,
): { process: ChildProcess; reports(): AsyncIterable<unknown[]> } {
  const program = new URL('./write-files.ts', import.meta.url);
  const child = fork(program, [JSON.stringify(place), JSON.stringify(task)], { execArgv: [] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { process: child, reports: () => on(child, 'message', { close: ['exit'] }) };
}
