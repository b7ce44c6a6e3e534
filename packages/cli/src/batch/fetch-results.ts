import { join } from 'node:path';
import type { BatchDoor } from './batch-door.ts';
import type { BatchView } from './batch-view.ts';
import type { Patience } from './patience.ts';
import { createFile } from './written-file.ts';

/**
 * Fetches the result files of a batch that has ended. A fetch that is cut off starts again.
 * @returns where they lie: below `folder`, the failures last
 */
export async function fetchResults(
  batch: BatchView,
  folder: string,
  door: BatchDoor,
  patience: Patience,
  signal: AbortSignal,
): Promise<string[]> {
  const ids = [batch.output_file_id, batch.error_file_id].filter((id) => id !== undefined);
  const paths: string[] = [];
  for (const id of ids) {
    const path = join(folder, `${id}.jsonl`);
    await patience(() => save(door.content(id, signal), path));
    paths.push(path);
  }
  return paths;
}

async function save(content: AsyncIterable<Uint8Array>, path: string): Promise<void> {
  const file = await createFile(path);
  try {
    for await (const piece of content) await file.write(piece);
    await file.end();
  } finally {
    file.abandon();
  }
}
