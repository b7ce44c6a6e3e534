import { z } from 'zod';

/** What a file is for: given by a caller as the input of a batch, or made by one. */
export const filePurposeSchema = z.enum(['batch', 'batch_output']);
export type FilePurpose = z.infer<typeof filePurposeSchema>;

/** A piece of a file's bytes in the place where files live; a file is its parts, one after another. */
export const filePartSchema = z.object({ key: z.string(), bytes: z.int() });
export type FilePart = z.infer<typeof filePartSchema>;

/** What is known of a file in Redis, which holds no byte of its content. */
export const fileRecordSchema = z.object({
  v: z.int(),
  /** `file-…` */
  id: z.string(),
  project: z.string(),
  purpose: filePurposeSchema,
  filename: z.string(),
  created_at: z.number(),
  /** When it is removed; absent of a file that is kept until somebody deletes it. */
  expires_at: z.number().optional(),
  /** The batch that writes it. */
  batch: z.string().optional(),
});
export type FileRecord = z.infer<typeof fileRecordSchema>;
