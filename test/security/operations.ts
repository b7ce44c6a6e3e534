import { z } from 'zod';

/** The parts of JSON Schema that the API's document is written with. */
export interface JsonSchema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  minItems?: number;
  maxItems?: number;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  maxLength?: number;
  pattern?: string;
  format?: string;
}

export interface Operation {
  method: string;
  /** With `{name}` for parameters. */
  path: string;
  query: readonly { name: string; schema: JsonSchema }[];
  body?: { contentType: string; schema: JsonSchema };
}

export interface EndpointGroup {
  name: string;
  operations: readonly Operation[];
}

const schemaSchema = z.custom<JsonSchema>((value) => typeof value === 'object' && value !== null);
const documentSchema = z.object({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        parameters: z
          .array(z.object({ name: z.string(), in: z.string(), schema: schemaSchema }))
          .default([]),
        requestBody: z
          .object({ content: z.record(z.string(), z.object({ schema: schemaSchema })) })
          .optional(),
      }),
    ),
  ),
});

/** The first that fits; every path of the document must be in one. */
const GROUPS: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['events', /\/events$/],
  ['jobs', /^\/v1\/jobs/],
  ['admin', /^\/v1\/admin\//],
  ['webhooks', /^\/v1\/webhooks\//],
  ['files', /\/files(\/|$)/],
  ['batches', /\/batches(\/|$)/],
  ['calls', /\/(chat\/completions|responses|embeddings|messages)$/],
  ['responses', /\/responses\//],
  ['lookups', /\/(models|routes|providers|limits|statistics|key)(\/|$)/],
  ['public', /^\/(healthz|readyz|metrics)$/],
];

export const GROUP_NAMES: readonly string[] = GROUPS.map(([name]) => name);

/** What the API's own OpenAPI document tells of, in groups, and what it does not tell of. */
export function readOperations(document: unknown): EndpointGroup[] {
  const byGroup = new Map<string, Operation[]>();
  for (const [path, methods] of Object.entries(documentSchema.parse(document).paths)) {
    const [name] = GROUPS.find(([, pattern]) => pattern.test(path)) ?? [];
    if (name === undefined) throw new Error(`no group of endpoints takes ${path}; give it one`);
    const operations = byGroup.get(name) ?? [];
    byGroup.set(name, operations);
    for (const [method, { parameters, requestBody }] of Object.entries(methods)) {
      const [content] = Object.entries(requestBody?.content ?? {});
      operations.push({
        method: method.toUpperCase(),
        path,
        query: parameters.filter((parameter) => parameter.in === 'query'),
        ...(content === undefined
          ? {}
          : { body: { contentType: content[0], schema: content[1].schema } }),
      });
    }
  }
  for (const path of ['/openapi.json', '/docs', '/docs/{file}', '/{nowhere}', '/v1/{nowhere}']) {
    byGroup.get('public')?.push({ method: 'GET', path, query: [] });
  }
  return [...byGroup].map(([name, operations]) => ({ name, operations }));
}
