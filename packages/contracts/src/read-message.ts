import type { z } from 'zod';
import { SCHEMA_VERSION } from './schema-version.ts';

/**
 * Reads what another service published or wrote for all. Undefined where it is of a newer form, or
 * holds what this service does not know: during a rolling upgrade both must not stop anybody.
 */
export function readMessage<Schema extends z.ZodType>(
  schema: Schema,
  text: string,
): z.output<Schema> | undefined {
  const value = parsed(text);
  return isNewer(value) ? undefined : schema.safeParse(value).data;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isNewer(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    'v' in value &&
    typeof value.v === 'number' &&
    value.v > SCHEMA_VERSION
  );
}
