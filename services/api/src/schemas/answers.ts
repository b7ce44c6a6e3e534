import { z } from 'zod';
import { anthropicErrorSchema, problemSchema } from './problem-schema.ts';

/**
 * The answers of a route for the OpenAPI document: its own, and the problems it may name. Handlers
 * write some answers as bytes, so the schemas describe and do not serialize; tests hold answers
 * against them.
 */
export function answers(
  good: Record<number, z.ZodType>,
  ...problems: number[]
): Record<string, unknown> {
  return described(good, { 'application/problem+json': { schema: problemSchema } }, problems);
}

/** The same for a route on Anthropic's paths, whose errors have Anthropic's form. */
export function anthropicAnswers(
  good: Record<number, z.ZodType>,
  ...errors: number[]
): Record<string, unknown> {
  return described(good, { 'application/json': { schema: anthropicErrorSchema } }, errors);
}

/** The bytes of a file, for a route that gives them whole or the range that was asked for. */
export function byteAnswers(mediaType: string): Record<string, unknown> {
  const content = { [mediaType]: { schema: z.string().meta({ format: 'binary' }) } };
  return {
    200: { description: 'The bytes', content },
    206: { description: 'The range of the bytes that was asked for', content },
    416: z.null().describe('The range begins behind the last byte'),
  };
}

function described(
  good: Record<number, z.ZodType>,
  content: Record<string, { schema: z.ZodType }>,
  problems: readonly number[],
): Record<string, unknown> {
  return {
    ...good,
    ...Object.fromEntries(
      [401, 503, ...problems].map((status) => [
        String(status),
        { description: 'Problem', content },
      ]),
    ),
  };
}
