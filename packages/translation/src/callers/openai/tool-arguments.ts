import { parseExact } from '../../exact-integers.ts';
import { isObject, type ObjectReader } from '../json-reading.ts';
import type { JsonObject } from '../../translator.ts';

/**
 * The arguments of an earlier tool call: JSON in a string, which other dialects hold as an object.
 * @throws UntranslatableError when they are no object, which those dialects could not hold
 */
export function readToolArguments(reader: ObjectReader): JsonObject {
  const text = reader.required('arguments', reader.text('arguments'));
  // Models write nothing at all for a function without parameters.
  if (text.trim() === '') return {};
  const value = parsed(text);
  if (!isObject(value)) throw reader.error('arguments', 'it is not a JSON object');
  return value;
}

function parsed(text: string): unknown {
  try {
    return parseExact(text);
  } catch {
    return undefined;
  }
}
