import * as fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import type { JsonSchema } from './operations.ts';

/**
 * Values by member name that lead deeper than a made-up one: models that are routed, ids that are
 * there. Ids in paths by what they are of (`jobs.id`), whole bodies by method and path.
 */
export type KnownValues = Readonly<Record<string, readonly unknown[]>>;

/** Values that a schema takes, as far as the API's document tells. */
export function schemaValue(schema: JsonSchema, known: KnownValues, name = ''): Arbitrary<unknown> {
  const fertile = known[name];
  const made = madeValue(schema, known);
  return fertile === undefined
    ? made
    : fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom(...fertile) },
        { weight: 1, arbitrary: made },
      );
}

function madeValue(schema: JsonSchema, known: KnownValues): Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return fc.oneof(...choices.map((one) => madeValue(one, known)));
  const [type] = [schema.type].flat();
  switch (type) {
    case 'object':
      return objectValue(schema, known);
    case 'array':
      if (schema.items?.enum !== undefined) return fc.subarray(schema.items.enum, { minLength: 1 });
      return fc.array(madeValue(schema.items ?? {}, known), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 4, (schema.minItems ?? 0) + 4),
      });
    case 'string':
      return textValue(schema);
    case 'integer':
      return fc.integer({
        min: schema.minimum ?? -1000,
        max: Math.min(schema.maximum ?? 1000, 2 ** 31),
      });
    case 'number':
      return fc.double({
        min: schema.minimum ?? schema.exclusiveMinimum ?? -1e6,
        max: 1e9,
        noNaN: true,
      });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case undefined:
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

function textValue({ pattern, format, maxLength = 60 }: JsonSchema): Arbitrary<string> {
  if (format === 'date-time') {
    return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
  }
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern));
  return fc.string({ maxLength: Math.min(maxLength, 60) });
}

function objectValue(schema: JsonSchema, known: KnownValues): Arbitrary<unknown> {
  const { properties = {}, required = [], additionalProperties } = schema;
  const members = Object.fromEntries(
    Object.entries(properties).map(([name, one]) => [name, schemaValue(one, known, name)]),
  );
  const record = fc.record(members, { requiredKeys: required });
  if (typeof additionalProperties !== 'object' || additionalProperties === null) return record;
  const more = fc.dictionary(fc.string({ maxLength: 20 }), madeValue(additionalProperties, known), {
    maxKeys: 3,
  });
  return fc.tuple(more, record).map(([others, own]) => ({ ...others, ...own }));
}
