import { opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { explainFolderError, isMissing } from './folder-failure.ts';

/** Every file below a folder of `root`, named by its path from `root`; what goes meanwhile is left out. */
export async function* walkFolder(
  root: string,
  segments: readonly string[],
): AsyncGenerator<{ key: string; changedAt: number }> {
  try {
    for await (const entry of await opendir(join(root, ...segments))) {
      const below = [...segments, entry.name];
      if (entry.isDirectory()) {
        yield* walkFolder(root, below);
        continue;
      }
      const changedAt = await changeTime(join(root, ...below));
      if (changedAt !== undefined) yield { key: below.join('/'), changedAt };
    }
  } catch (error) {
    if (!isMissing(error)) throw explainFolderError(error);
  }
}

async function changeTime(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
