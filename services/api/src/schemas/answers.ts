import type { z } from 'zod';
import { problemSchema } from './problem-schema.ts';

/**
 * The answers of a route for the OpenAPI document: its own, and the problems it may name. Handlers
 * write some answers as bytes, so the schemas describe and do not serialize; tests hold answers
 * against them.
 */
export function answers(
  good: Record<number, z.ZodType>,
  ...problems: number[]
): Record<string, unknown> {
  const problem = { 'application/problem+json': { schema: problemSchema } };
  return {
    ...good,
    ...Object.fromEntries(
      [401, 503, ...problems].map((status) => [
        String(status),
        { description: 'Problem', content: problem },
      ]),
    ),
  };
}
