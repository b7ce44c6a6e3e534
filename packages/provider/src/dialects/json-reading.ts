import { isObject } from '@understudy/contracts';
import type { JsonObject } from '@understudy/contracts';

export { isObject, type JsonObject };

/** The member if it is an object, else an empty one. */
export function objectAt(parent: JsonObject, name: string): JsonObject {
  const value = parent[name];
  return isObject(value) ? value : {};
}

/** The objects in a member that is an array; undefined when it is none. */
export function objectsAt(parent: JsonObject, name: string): JsonObject[] | undefined {
  const value = parent[name];
  return Array.isArray(value) ? value.filter(isObject) : undefined;
}

export function textAt(parent: JsonObject, name: string): string | undefined {
  const value = parent[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A number of tokens: finite and not negative. */
export function countAt(parent: JsonObject, name: string): number | undefined {
  const value = parent[name];
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

/** A copy without the members that have no value. */
export function defined<Value>(
  members: Readonly<Record<string, Value | undefined>>,
): Record<string, Value> {
  const result: Record<string, Value> = {};
  for (const [name, value] of Object.entries(members)) {
    if (value !== undefined) result[name] = value;
  }
  return result;
}
