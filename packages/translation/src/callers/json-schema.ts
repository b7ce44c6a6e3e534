import { isObject, isText, type ObjectReader } from './json-reading.ts';

type Check = (value: unknown) => boolean;

/** Schemas nest as deep as a body may; what is deeper would be refused before. */
const isSchema: Check = (value) =>
  typeof value === 'boolean' ||
  (isObject(value) &&
    Object.entries(value).every(
      ([keyword, part]) => part === null || (CHECKS.get(keyword)?.(part) ?? true),
    ));
const isSchemaList: Check = (value) => Array.isArray(value) && value.every(isSchema);
const isSchemaMap: Check = (value) => isObject(value) && Object.values(value).every(isSchema);

/** The keywords under which schemas stand, and others that translation looks into. */
const CHECKS: ReadonlyMap<string, Check> = new Map<string, Check>([
  ...['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'].map(
    (keyword) => [keyword, isSchemaMap] as const,
  ),
  ...['anyOf', 'oneOf', 'allOf', 'prefixItems'].map((keyword) => [keyword, isSchemaList] as const),
  ...['additionalProperties', 'additionalItems', 'propertyNames', 'contains', 'not'].map(
    (keyword) => [keyword, isSchema] as const,
  ),
  ...['if', 'then', 'else'].map((keyword) => [keyword, isSchema] as const),
  ['items', (value) => isSchema(value) || isSchemaList(value)],
  [
    'dependencies',
    (value) =>
      isObject(value) &&
      Object.values(value).every((part) => Array.isArray(part) || isSchema(part)),
  ],
  ['required', (value) => Array.isArray(value) && value.every(isText)],
  ['pattern', isText],
  ['description', isText],
  ['$ref', isText],
]);

/**
 * A schema as it stands: which keywords hold is for the provider to say. Only its form is checked,
 * as translation rewrites some of it.
 * @throws UntranslatableError
 */
export function readSchema(reader: ObjectReader, name: string): object | undefined {
  const schema = reader.whole(name);
  if (schema === undefined || isSchema(schema)) return schema;
  throw reader.error(name, 'a part of it is no JSON schema');
}
