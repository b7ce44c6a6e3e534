import { z } from 'zod';

/** The members that an object may have at a place of what a schema describes, where that is known. */
export function membersAt(
  schema: z.core.$ZodType,
  path: readonly PropertyKey[],
): string[] | undefined {
  const bare = bareSchema(schema);
  const [step, ...rest] = path;
  if (bare instanceof z.ZodArray && step !== undefined) return membersAt(bare.element, rest);
  if (!(bare instanceof z.ZodObject)) return undefined;
  if (step === undefined) return Object.keys(bare.shape);
  const member = Object.hasOwn(bare.shape, step) ? bare.shape[String(step)] : undefined;
  return member === undefined ? undefined : membersAt(member, rest);
}

/** What is wanted of a member that need not be there. */
function bareSchema(schema: z.core.$ZodType): z.core.$ZodType {
  const mayLack =
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodExactOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault;
  return mayLack ? bareSchema(schema.unwrap()) : schema;
}
