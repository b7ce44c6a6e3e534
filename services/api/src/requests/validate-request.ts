import type { FastifySchemaCompiler } from 'fastify';
import type { z } from 'zod';
import { validationError } from '../errors/validation-error.ts';

/** Holds a part of each request against the schema of its route; what is wrong is a 400 that names it. */
export const validateRequest: FastifySchemaCompiler<z.ZodType> =
  ({ schema, httpPart: part }) =>
  (data: unknown) => {
    const result = schema.safeParse(data, { reportInput: true });
    if (result.success) return { value: result.data };
    return { error: validationError({ issues: result.error.issues, schema, part }) };
  };
