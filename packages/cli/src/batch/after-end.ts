import { CommandError } from '../command-error.ts';
import { EXIT } from '../exit-code.ts';
import { fileErrorWords } from '../file-error.ts';

/**
 * Carries out what is left once a batch has ended.
 * @param again the command that picks it up, in words
 * @throws CommandError for a file that cannot be written, which costs nothing but another try
 */
export async function afterEnd<T>(
  batchId: string,
  again: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const words = fileErrorWords(error);
    if (words === undefined) throw error;
    throw new CommandError(
      `${words}\n${batchId} has ended: once that is mended, ${again} fetches its answers, and sends nothing again.`,
      EXIT.usage,
      { cause: error },
    );
  }
}
