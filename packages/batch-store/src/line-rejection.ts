import { z } from 'zod';
import type { LineRejection } from './batch-run.ts';

const rejectionSchema = z.object({
  customId: z.string(),
  statusCode: z.int(),
  code: z.string(),
  message: z.string(),
  param: z.string().exactOptional(),
});

export function parseRejection(text: string): LineRejection {
  return rejectionSchema.parse(JSON.parse(text));
}
