import { batchStatusSchema, costSchema } from '@understudy/contracts';
import { z } from 'zod';

/** A batch as the broker shows it, as far as a run looks at it. */
export const batchViewSchema = z.looseObject({
  id: z.string(),
  status: batchStatusSchema,
  request_counts: z.object({ total: z.int(), completed: z.int(), failed: z.int() }).optional(),
  output_file_id: z.string().optional(),
  error_file_id: z.string().optional(),
  errors: z
    .looseObject({
      data: z.array(
        z.looseObject({
          code: z.string(),
          message: z.string(),
          line: z.int().nullish(),
        }),
      ),
    })
    .optional(),
  cost: costSchema.optional(),
});
export type BatchView = z.infer<typeof batchViewSchema>;

/** What is known to have been spent, in US dollars. */
export function costAmount({ cost }: BatchView): number | undefined {
  return cost === undefined || cost.status === 'unknown' ? undefined : cost.amount;
}
