import type { FileSettings } from '@understudy/configuration';
import type { Logger, Redis } from '@understudy/runtime';
import { createSealer } from '@understudy/sealing';
import type { Sealer } from '@understudy/sealing';
import { createFileStore } from './create-file-store.ts';
import type { FileBytes } from './file-bytes.ts';
import type { FileStore } from './file-store.ts';
import { createFolderBytes } from './folder-bytes.ts';
import { createSealedBytes } from './sealed-bytes.ts';

export interface OpenFileStoreOptions {
  redis: Redis;
  keyPrefix: string;
  settings: FileSettings;
  logger: Logger;
  /** Encrypts what is stored; without keys where absent. */
  sealer?: Sealer;
}

/**
 * The files as the settings place them. A place that cannot be written to is logged with the remedy
 * and is no reason not to start: what needs no file is served.
 */
export async function openFileStore({
  redis,
  keyPrefix,
  settings,
  logger,
  sealer = createSealer([]),
}: OpenFileStoreOptions): Promise<{ files: FileStore; bytes: FileBytes }> {
  const bytes = createSealedBytes(await openBytes(settings), sealer);
  void bytes.check().catch((error: unknown) => {
    logger.error({ err: error }, error instanceof Error ? error.message : 'files cannot be stored');
  });
  return { files: createFileStore({ redis, keyPrefix, bytes, logger, sealer }), bytes };
}

/** The SDK for S3 is read only where it is used: it lengthens a start by a quarter of a second and more. */
async function openBytes({ path, s3 }: FileSettings): Promise<FileBytes> {
  if (s3 === undefined) return createFolderBytes(path);
  const { createS3Bytes } = await import('./s3-bytes.ts');
  return createS3Bytes(s3);
}
