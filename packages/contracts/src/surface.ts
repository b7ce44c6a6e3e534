import { z } from 'zod';

/**
 * The door a request came through: our own API, or one that speaks a vendor's. It decides the shape
 * of answers, errors and events; what happens to the job is the same behind all of them.
 */
export const surfaceSchema = z.enum(['understudy', 'openai', 'anthropic']);
export type Surface = z.infer<typeof surfaceSchema>;
