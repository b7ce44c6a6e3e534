import { filePurposeSchema } from '@understudy/contracts';
import { z } from 'zod';

const MOST_PER_PAGE = 10_000;

export const fileParametersSchema = z.strictObject({ id: z.string().max(200) });

export const fileQuerySchema = z.object({
  /** Files of any other purpose there are none of. */
  purpose: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(MOST_PER_PAGE).default(MOST_PER_PAGE),
  order: z.enum(['asc', 'desc']).default('desc'),
  /** Id of the last file seen. */
  after: z.string().max(200).optional(),
});

/** OpenAI's file object. */
export const fileSchema = z.object({
  id: z.string(),
  object: z.literal('file'),
  bytes: z.int(),
  /** Unix seconds, as are all instants here. */
  created_at: z.int(),
  expires_at: z.int().optional(),
  filename: z.string(),
  purpose: filePurposeSchema,
  /** `uploaded` while a batch still writes it. */
  status: z.enum(['uploaded', 'processed']),
});

/** `first_id` and `last_id` are required by OpenAI's schema, and empty where nothing is listed. */
export const fileListSchema = z.object({
  object: z.literal('list'),
  data: z.array(fileSchema),
  first_id: z.string(),
  last_id: z.string(),
  has_more: z.boolean(),
});

export const deletedFileSchema = z.object({
  id: z.string(),
  object: z.literal('file'),
  deleted: z.literal(true),
});

/** For the OpenAPI document: the form is read as a stream, part after part in any order. */
export const uploadFormSchema = z.object({
  file: z.string().meta({ format: 'binary' }),
  purpose: z.literal('batch'),
  'expires_after[anchor]': z.literal('created_at').optional(),
  'expires_after[seconds]': z.int().min(3600).max(2_592_000).optional(),
});
