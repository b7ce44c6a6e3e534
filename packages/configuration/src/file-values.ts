import { z } from 'zod';
import { isDuration, LONGEST_TIMER, parseDuration } from './duration.ts';
import { suggestName } from './suggest-name.ts';

/**
 * A mapping that takes no other members; names each one it does not know, a line each.
 * @param meant which members this mapping may have, where that is known by what it holds
 */
export function members<Shape extends z.ZodRawShape>(
  shape: Shape,
  meant: (mapping: unknown) => readonly string[] | undefined = () => undefined,
) {
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys') return undefined;
      const known = meant(issue.input) ?? Object.keys(shape);
      return issue.keys.map((key) => `unknown member; ${suggestName(key, known)}`).join('\n');
    },
  });
}

/**
 * A member that may be left out, as the published schema and `docs/configuration.md` tell it.
 * @param byDefault what holds where it is left out; the tests compare it with what is built then
 */
export function setting<Schema extends z.ZodType>(
  schema: Schema,
  description: string,
  byDefault?: unknown,
): z.ZodOptional<Schema> {
  return schema
    .optional()
    .meta({ description, ...(byDefault === undefined ? {} : { default: byDefault }) });
}

/** A section of settings: absent, each of them has its default. */
export function section<Shape extends z.ZodRawShape>(description: string, shape: Shape) {
  return members(shape).optional().meta({ description });
}

export const numericText = (value: unknown): unknown =>
  typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value;
const booleanText = (value: unknown): unknown =>
  value === 'true' ? true : value === 'false' ? false : value;

// An environment variable is always text, so numbers and booleans are read from text too.
export const positiveInteger = z.preprocess(numericText, z.int().positive());
export const positiveNumber = z.preprocess(numericText, z.number().positive());
export const boolean = z.preprocess(booleanText, z.boolean());
export const text = z.string().min(1, { error: 'is empty' });

export const duration = z
  .string({ error: 'expected a duration, such as 250ms, 30s, 5m, 1h or 7d' })
  .refine(isDuration, {
    error: ({ input }) =>
      `${JSON.stringify(input)} is not a duration; write a number and a unit, such as 250ms, 30s, 5m, 1h or 7d`,
  })
  .meta({ title: 'duration', examples: ['30s', '5m', '250ms'] });

const isZero = (value: string) => isDuration(value) && parseDuration(value) === 0;
const isBeyondTimers = (value: string) =>
  isDuration(value) && parseDuration(value) > parseDuration(LONGEST_TIMER);

/** Of which nothing would be left, were it zero. */
export const span = duration.refine((value) => !isZero(value), {
  error: ({ input }) => `is ${String(input)}; give a duration above zero`,
});
/** What a timer counts. */
export const delay = duration.refine((value) => !isBeyondTimers(value), {
  error: ({ input }) => `is ${String(input)}; give a duration of at most ${LONGEST_TIMER}`,
});
/** A timer by which something is given up: at zero all of it would be. */
export const timeout = delay.refine((value) => !isZero(value), {
  error: ({ input }) => `is ${String(input)}; give a duration above zero, up to ${LONGEST_TIMER}`,
});

const BASE_URL_FORM =
  'expected an http or https URL without user, query or fragment, such as http://127.0.0.1:8000/v1';
export const baseUrl = z
  .url({ protocol: /^https?$/, error: BASE_URL_FORM })
  .refine((value) => !/[?#@]/.test(value), { error: BASE_URL_FORM });
