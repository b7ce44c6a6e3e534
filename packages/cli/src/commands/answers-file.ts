import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { followLinks } from '../batch/written-file.ts';
import { CommandError } from '../command-error.ts';
import { EXIT } from '../exit-code.ts';

/**
 * Looks whether answers can be written where `-o` says, before anything is read or sent.
 * @param promptsPath `-` is standard input
 * @returns the absolute path, links and all
 * @throws CommandError when it is standard output, no ordinary file, or the file of prompts
 */
export async function checkAnswersFile(output: string, promptsPath: string): Promise<string> {
  if (output === '-') {
    throw new CommandError(
      '-o takes a file, for the same command picks it up there; name one, such as -o answers.jsonl',
      EXIT.usage,
    );
  }
  const path = resolve(output);
  const target = await followLinks(path);
  const folder = await stat(dirname(target)).catch(() => undefined);
  if (folder?.isDirectory() !== true) {
    throw new CommandError(
      `-o leads into ${dirname(target)}, which is no folder; make it`,
      EXIT.usage,
    );
  }
  const answers = await stat(target).catch(() => undefined);
  if (answers === undefined) return path;
  if (answers.isDirectory()) {
    throw new CommandError('-o names a folder; name a file in it', EXIT.usage);
  }
  if (!answers.isFile()) {
    throw new CommandError(
      `-o names ${output}, which is a device or a pipe and no ordinary file; name a file`,
      EXIT.usage,
    );
  }
  const prompts = promptsPath === '-' ? undefined : await stat(promptsPath).catch(() => undefined);
  if (answers.ino === prompts?.ino && answers.dev === prompts.dev) {
    throw new CommandError('-o names the file of prompts; give another', EXIT.usage);
  }
  return path;
}

/** Whether the file is there and not empty. */
export async function hasAnswers(path: string): Promise<boolean> {
  const answers = await stat(path).catch(() => undefined);
  return answers !== undefined && answers.size > 0;
}
