import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import type { Understudy } from '@understudy/client';
import type { BatchDoor } from '../batch/batch-door.ts';
import { batchViewSchema } from '../batch/batch-view.ts';

/** The door of a run at a real broker. @param client one that leaves trying again to the caller */
export function openBatchDoor(client: Understudy): BatchDoor {
  return {
    upload: async (path, key, signal) => {
      // Read again from the file with every try, never held.
      const content = await openAsBlob(path);
      const options = { filename: basename(path), idempotencyKey: key, signal };
      return (await client.files.upload(content, options)).id;
    },
    create: async ({ fileId, endpoint, options }, key, signal) => {
      const { metadata, priority, expiresIn, maxCost } = options;
      let replayed = false;
      const batch = await client.batches.create(
        {
          input_file_id: fileId,
          endpoint,
          ...(metadata === undefined ? {} : { metadata }),
          ...(expiresIn === undefined ? {} : { completion_window: expiresIn }),
          ...(maxCost === undefined ? {} : { max_cost: maxCost }),
        },
        {
          idempotencyKey: key,
          signal,
          onReplay: () => (replayed = true),
          ...(priority === undefined ? {} : { priority }),
        },
      );
      return { batch: batchViewSchema.parse(batch), replayed };
    },
    get: async (id, signal) => batchViewSchema.parse(await client.batches.get(id, { signal })),
    content: (fileId, signal) => readContent(client, fileId, signal),
    growth: (fileId, offset, signal) => readGrowth(client, fileId, offset, signal),
  };
}

async function* readContent(
  client: Understudy,
  fileId: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { body } = await client.files.content(fileId, { signal });
  yield* body ?? [];
}

async function* readGrowth(
  client: Understudy,
  fileId: string,
  offset: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { body, headers } = await client.files.content(fileId, { start: offset, signal });
  const isWhole = /\/\d+$/.test(headers.get('content-range') ?? '');
  if (isWhole) await body?.cancel();
  else yield* body ?? [];
}
