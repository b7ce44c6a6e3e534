import type { FileSettings } from '@understudy/configuration';
import type { FileBytes } from '../file-bytes.ts';
import { createFolderBytes } from '../folder-bytes.ts';
import { createS3Bytes } from '../s3-bytes.ts';

/** A place in words that another process can open. */
export type PlaceDescription =
  | { kind: 'folder'; path: string }
  | { kind: 's3'; settings: NonNullable<FileSettings['s3']> };

export interface BytesPlace {
  bytes: FileBytes;
  description: PlaceDescription;
}

export function openPlace(description: PlaceDescription): BytesPlace {
  const bytes =
    description.kind === 'folder'
      ? createFolderBytes(description.path)
      : createS3Bytes(description.settings);
  return { bytes, description };
}
