import type { StoredFile } from '@understudy/file-store';
import type { z } from 'zod';
import type { fileSchema } from './file-schemas.ts';

/** A file as OpenAI's API shows it; members that are unset are left out. */
export function renderFile({ record, bytes, complete }: StoredFile): z.infer<typeof fileSchema> {
  const { id, filename, purpose, created_at: createdAt, expires_at: expiresAt } = record;
  return {
    id,
    object: 'file',
    bytes,
    created_at: Math.floor(createdAt / 1000),
    ...(expiresAt === undefined ? {} : { expires_at: Math.floor(expiresAt / 1000) }),
    filename,
    purpose,
    status: complete ? 'processed' : 'uploaded',
  };
}
