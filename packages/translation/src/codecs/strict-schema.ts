import { isObject } from '../callers/json-reading.ts';
import type { Loss } from '../loss.ts';
import type { JsonObject } from '../translator.ts';
import type { FinishedBody } from './sdk-codec.ts';

/**
 * The keywords of JSON schema that OpenAI's strict mode takes; it refuses a schema with any other
 * (developers.openai.com: "Structured model outputs", supported schemas). Servers that are modelled
 * on OpenAI's take these or more.
 */
const STRICT_KEYWORDS: ReadonlySet<string> = new Set(
  [
    ['$schema', '$ref', '$defs', 'definitions', 'title', 'description'],
    ['type', 'enum', 'const', 'anyOf', 'pattern', 'format'],
    ['properties', 'required', 'additionalProperties', 'items', 'minItems', 'maxItems'],
    ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  ].flat(),
);

const STRICT_FORMATS: ReadonlySet<unknown> = new Set(
  [
    ['date-time', 'time', 'date', 'duration'],
    ['email', 'hostname', 'ipv4', 'ipv6', 'uuid'],
  ].flat(),
);

/**
 * Members that ask for a schema to be enforced strictly, though it does not qualify for that, asked
 * to enforce it as well as they can: with the wish, the whole request would be refused.
 * @param holder the object with `strict` in the provider's body
 * @param schemaMember where beside it the schema stands
 * @returns the holder as it was where nothing is amiss; else also what the schema does not keep to
 */
export function withQualifiedStrictness(
  holder: JsonObject,
  schemaMember: 'schema' | 'parameters',
): { holder: JsonObject; obstacle?: string } {
  if (holder['strict'] !== true) return { holder };
  const obstacle = obstacleAtRoot(holder[schemaMember]);
  return obstacle === undefined ? { holder } : { holder: { ...holder, strict: false }, obstacle };
}

/** Where a dialect's body has objects with `strict` beside a schema. */
export interface StrictPlace {
  /** Names of members; `[]` stands for each item of a list. */
  path: readonly string[];
  schemaMember: 'schema' | 'parameters';
  /** The option of the neutral request that is lost. */
  option: string;
}

/** A body that asks for no strictness for which its schemas do not qualify. */
export function withQualifiedSchemas(
  body: JsonObject,
  places: readonly StrictPlace[],
): FinishedBody {
  const losses: Loss[] = [];
  const qualified = places.reduce<JsonObject>((changed, { path, schemaMember, option }) => {
    const amended = changedAt(changed, path, (value) => {
      const { holder, obstacle } = withQualifiedStrictness(value, schemaMember);
      if (obstacle !== undefined) {
        losses.push({ field: option, message: `not enforced strictly: ${obstacle}` });
      }
      return holder;
    });
    return isObject(amended) ? amended : changed;
  }, body);
  return { body: qualified, losses };
}

function changedAt(
  value: unknown,
  [name, ...rest]: readonly string[],
  change: (value: JsonObject) => JsonObject,
): unknown {
  if (name === '[]') {
    return Array.isArray(value) ? value.map((item) => changedAt(item, rest, change)) : value;
  }
  if (!isObject(value)) return value;
  if (name === undefined) return change(value);
  if (value[name] === undefined) return value;
  return { ...value, [name]: changedAt(value[name], rest, change) };
}

function obstacleAtRoot(schema: unknown): string | undefined {
  if (isObject(schema) && schema['type'] === 'object' && schema['anyOf'] === undefined) {
    return obstacleIn(schema);
  }
  return 'the schema is not one of an object';
}

/** The first thing for which the schema, or one inside it, is refused in strict mode. */
function obstacleIn(schema: unknown): string | undefined {
  if (!isObject(schema)) return 'a part of the schema allows any value';
  const unknown = Object.keys(schema).find((keyword) => !STRICT_KEYWORDS.has(keyword));
  if (unknown !== undefined) return `strict mode does not know ${describeKeyword(unknown)}`;
  const { type, format } = schema;
  if (format !== undefined && !STRICT_FORMATS.has(format)) {
    return 'strict mode does not know a format';
  }
  if (!['type', '$ref', 'anyOf'].some((keyword) => schema[keyword] !== undefined)) {
    return 'a part of the schema has no type';
  }
  if (isOfType(type, 'array') && schema['items'] === undefined) return 'an array has no items';
  return (
    (isOfType(type, 'object') ? obstacleInObject(schema) : undefined) ?? obstacleInside(schema)
  );
}

function obstacleInObject(schema: JsonObject): string | undefined {
  const { properties, required, additionalProperties } = schema;
  if (additionalProperties !== false) return 'an object does not forbid additional properties';
  if (!isObject(properties)) return 'an object does not list its properties';
  const names: readonly unknown[] = Array.isArray(required) ? required : [];
  const isRequired = (name: string): boolean => names.includes(name);
  return Object.keys(properties).every(isRequired) ? undefined : 'a property is optional';
}

function obstacleInside(schema: JsonObject): string | undefined {
  const maps = [schema['properties'], schema['$defs'], schema['definitions']];
  const inside: unknown[] = [
    ...maps.flatMap((map) => (isObject(map) ? Object.values(map) : [])),
    ...(Array.isArray(schema['anyOf']) ? schema['anyOf'] : []),
    ...(schema['items'] === undefined ? [] : [schema['items']]),
  ];
  return inside.map(obstacleIn).find((obstacle) => obstacle !== undefined);
}

function isOfType(type: unknown, name: string): boolean {
  return type === name || (Array.isArray(type) && type.includes(name));
}

// A keyword is the caller's word, and may be anything.
function describeKeyword(keyword: string): string {
  return /^\$?[a-zA-Z]{1,40}$/.test(keyword) ? `the keyword ${keyword}` : 'one of its keywords';
}
