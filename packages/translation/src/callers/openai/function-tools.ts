import type { LanguageModelV4FunctionTool } from '@ai-sdk/provider';
import { defined, type ObjectReader } from '../json-reading.ts';
import { readSchema } from '../json-schema.ts';

/**
 * A function as OpenAI's dialects declare it; chat completions wrap the same members once more.
 * Without `parameters` it takes none.
 * @throws UntranslatableError
 */
export function readFunctionTool(reader: ObjectReader): LanguageModelV4FunctionTool {
  return {
    type: 'function',
    name: reader.required('name', reader.text('name')),
    ...defined({ description: reader.text('description') }),
    inputSchema: readSchema(reader, 'parameters') ?? { type: 'object', properties: {} },
    ...defined({ strict: reader.boolean('strict') }),
  };
}

/** Types of tools are words of the vendor; a longer or stranger one is not repeated. */
export function describeType(type: string): string {
  return /^[\w.-]{1,40}$/.test(type) ? `"${type}"` : 'unknown type';
}
