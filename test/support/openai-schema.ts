import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { z } from 'zod';

const operationSchema = z.object({
  responses: z.record(
    z.string(),
    z.object({ content: z.record(z.string(), z.unknown()).optional() }),
  ),
});
const documentSchema = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
});

/** OpenAI's published description of its API, asked what answers and events must look like. */
export interface OpenAISchema {
  /**
   * A `fetch` for the SDK that checks every good answer, and every event of a stream, against the
   * schema of its path. What it finds is added to `problems`; what it has checked to `checked`.
   * @param baseUrl what stands before the document's paths
   */
  checkingFetch(baseUrl: string): typeof fetch;
  /** Checks against a schema of `components`. */
  check(name: string, value: unknown): void;
  problems: string[];
  /** How many bodies and events were checked, by operation. */
  checked: Map<string, number>;
}

/** @param file `openapi.yaml` or `.json` as OpenAI publishes it */
export function readOpenAISchema(file: string): OpenAISchema {
  const document = documentSchema.parse(withoutNullable(parse(readFileSync(file, 'utf8'))));
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema(document, 'openai');
  const compiled = new Map<string, ValidateFunction>();
  const problems: string[] = [];
  const checked = new Map<string, number>();

  const validate = (pointer: string, title: string, value: unknown): void => {
    const known = compiled.get(pointer);
    const validator = known ?? ajv.compile({ $ref: `openai#/${pointer}` });
    compiled.set(pointer, validator);
    checked.set(title, (checked.get(title) ?? 0) + 1);
    if (validator(value)) return;
    const found = (validator.errors ?? []).map(
      ({ instancePath, message }) => `${instancePath} ${message}`,
    );
    problems.push(`${title}: ${[...new Set(found)].slice(0, 8).join('; ')}`);
  };

  const checkAnswer = async (operation: FoundOperation, answer: Response): Promise<void> => {
    const type = (answer.headers.get('content-type') ?? '').split(';', 1)[0] ?? '';
    const content = operation.responses[String(answer.status)]?.content ?? {};
    if (!(type in content) || operation.path.endsWith('/content')) return;
    const pointer = pointerOf('paths', operation.path, operation.method, 'responses');
    const schema = `${pointer}/${pointerOf(String(answer.status), 'content', type, 'schema')}`;
    const text = await answer.text();
    const title = `${operation.method} ${operation.path} ${type}`;
    const values = type === 'text/event-stream' ? eventsOf(text) : [text];
    for (const value of values) validate(schema, title, JSON.parse(value));
  };

  return {
    problems,
    checked,
    check: (name, value) => validate(pointerOf('components', 'schemas', name), name, value),
    checkingFetch: (baseUrl) => async (input, init) => {
      const answer = await fetch(input, init);
      const url = new URL(input instanceof Request ? input.url : String(input));
      const path = url.pathname.slice(new URL(baseUrl).pathname.length);
      // The SDK tries once whether `fetch` takes forms.
      if (url.protocol === 'data:') return answer;
      const operation = findOperation(document.paths, init?.method ?? 'GET', path);
      if (operation === undefined)
        problems.push(`${init?.method} ${url.href} is not in the document`);
      else if (answer.ok) await checkAnswer(operation, answer.clone());
      return answer;
    },
  };
}

/**
 * The document says `nullable: true` in places, which OpenAPI 3.0 had and 3.1, which it claims to be,
 * has not: JSON Schema would not let a null pass.
 */
function withoutNullable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNullable);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, one]) => [name, withoutNullable(one)] as const);
  const { nullable, ...schema } = Object.fromEntries(members);
  return nullable === true ? { anyOf: [schema, { type: 'null' }] } : Object.fromEntries(members);
}

interface FoundOperation extends z.infer<typeof operationSchema> {
  method: string;
  path: string;
}

function findOperation(
  paths: Record<string, Record<string, unknown>>,
  method: string,
  path: string,
): FoundOperation | undefined {
  const name = method.toLowerCase();
  for (const [template, operations] of Object.entries(paths)) {
    const pattern = new RegExp(`^${template.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`);
    const operation = operationSchema.safeParse(operations[name]);
    if (pattern.test(path) && operation.success) {
      return { ...operation.data, method: name, path: template };
    }
  }
  return undefined;
}

function eventsOf(stream: string): string[] {
  return stream
    .split('\n')
    .filter((line) => line.startsWith('data: ') && line !== 'data: [DONE]')
    .map((line) => line.slice('data: '.length));
}

/** A JSON pointer as the fragment of a URI (RFC 6901). */
function pointerOf(...parts: string[]): string {
  return parts
    .map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')))
    .join('/');
}
