import { z } from 'zod';

/**
 * An object of which only the members of the shape are looked at; it may have any others. What comes
 * out is the object that went in: a copy of one with as many members as a body may have takes longer
 * than parsing it, and V8 is slower still in reading the copy. Nothing may be transformed therefore.
 */
export function uncopiedObject<Shape extends z.ZodRawShape>(shape: Shape) {
  const members = z.object(shape);
  const { properties, required } = z.toJSONSchema(members, { io: 'input' });
  return z
    .custom<z.output<typeof members> & Record<string, unknown>>()
    .check(({ value, issues }) => {
      for (const { path, message } of members.safeParse(value).error?.issues ?? []) {
        issues.push({ code: 'custom', path, message, input: value });
      }
    })
    .meta({
      type: 'object',
      properties,
      ...(required === undefined ? {} : { required }),
      additionalProperties: {},
    });
}
