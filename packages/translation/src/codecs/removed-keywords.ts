import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import { isObject } from '../callers/json-reading.ts';
import type { Loss } from '../loss.ts';

/** Keywords of JSON schema that restrict a value, and that a vendor may not enforce. */
const RESTRICTIONS: readonly string[] = [
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'pattern',
  'format',
  'minItems',
  'maxItems',
  'uniqueItems',
  'contains',
  'prefixItems',
  'minProperties',
  'maxProperties',
  'patternProperties',
  'propertyNames',
  'dependencies',
  'dependentRequired',
  'oneOf',
  'not',
  'if',
];

/**
 * What the schema that is sent does not hold of the caller's: the SDK takes out, without a warning,
 * what Claude's constrained output refuses, and tells the model of most of it in descriptions.
 * @param sent the schema in the body; undefined where none is
 */
export function removedKeywordLosses(
  { responseFormat }: LanguageModelV4CallOptions,
  sent: unknown,
): Loss[] {
  if (responseFormat?.type !== 'json' || sent === undefined) return [];
  const removed = RESTRICTIONS.filter(
    (keyword) => countOf(keyword, responseFormat.schema) > countOf(keyword, sent),
  );
  if (removed.length === 0) return [];
  const message = `the schema is not enforced in its ${removed.join(', ')}`;
  return [{ field: 'responseFormat', message }];
}

function countOf(keyword: string, value: unknown): number {
  if (Array.isArray(value)) {
    return value.reduce((sum: number, item) => sum + countOf(keyword, item), 0);
  }
  if (!isObject(value)) return 0;
  return Object.entries(value).reduce(
    (sum, [name, member]) => sum + (name === keyword ? 1 : 0) + countOf(keyword, member),
    0,
  );
}
