import { z } from 'zod';

interface JsonSchema {
  title?: string | undefined;
  description?: string | undefined;
  default?: unknown;
  type?: string | undefined;
  enum?: readonly unknown[] | undefined;
  examples?: readonly unknown[] | undefined;
  properties?: Record<string, JsonSchema> | undefined;
  additionalProperties?: JsonSchema | boolean | undefined;
  items?: JsonSchema | undefined;
  anyOf?: readonly JsonSchema[] | undefined;
}

const jsonSchema: z.ZodType<JsonSchema> = z.lazy(() =>
  z.object({
    title: z.string().optional(),
    description: z.string().optional(),
    default: z.unknown().optional(),
    type: z.string().optional(),
    enum: z.array(z.unknown()).optional(),
    examples: z.array(z.unknown()).optional(),
    properties: z.record(z.string(), jsonSchema).optional(),
    additionalProperties: z.union([z.boolean(), jsonSchema]).optional(),
    items: jsonSchema.optional(),
    anyOf: z.array(jsonSchema).optional(),
  }),
);

/** A member of `understudy.yaml` as the published schema has it. */
export interface DescribedSetting {
  /** `routes.*.targets[].provider`: `*` stands for any name, `[]` for each item. */
  path: string;
  description: string | undefined;
  byDefault: unknown;
  /** What it may be. */
  takes: string;
  hasMembers: boolean;
}

/** Every member, each section before what is in it. */
export function eachSetting(schema: Record<string, unknown>): DescribedSetting[] {
  const found = settingsOf(jsonSchema.parse(schema), '');
  // An arm of a split has the members of a target beside its own.
  return found.filter(({ path }, index) => found.findIndex((one) => one.path === path) === index);
}

function settingsOf(schema: JsonSchema, path: string): DescribedSetting[] {
  const { properties = {}, additionalProperties, items, anyOf = [] } = schema;
  return [
    ...Object.entries(properties).flatMap(([name, member]) => {
      const at = path === '' ? name : `${path}.${name}`;
      return [describe(member, at), ...settingsOf(member, at)];
    }),
    ...(typeof additionalProperties === 'object'
      ? settingsOf(additionalProperties, `${path}.*`)
      : []),
    ...(items === undefined ? [] : settingsOf(items, `${path}[]`)),
    ...anyOf.flatMap((branch) => settingsOf(branch, path)),
  ];
}

function describe(schema: JsonSchema, path: string): DescribedSetting {
  const { description, default: byDefault, properties } = schema;
  return {
    path,
    description,
    byDefault,
    takes: takes(schema),
    hasMembers: properties !== undefined,
  };
}

function takes({ title, enum: choices, anyOf, items, examples, type }: JsonSchema): string {
  if (title !== undefined) return title;
  if (choices !== undefined) return choices.map((choice) => code(choice)).join(', ');
  if (examples !== undefined) return `such as ${code(examples[0])}`;
  if (items !== undefined) return `list: ${takes(items)}`;
  if (anyOf !== undefined) return [...new Set(anyOf.map(takes))].filter(Boolean).join('; ');
  return type === 'object' ? 'mapping' : (type ?? '');
}

/** As it is written in the file. */
export function code(value: unknown): string {
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}
