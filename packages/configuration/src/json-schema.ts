import { z } from 'zod';
import type { KindManifest } from './kind-manifest.ts';
import { settingsFileSchema } from './settings-file.ts';

/** The JSON Schema of `understudy.yaml`, for editors. */
export function settingsJsonSchema(kinds: readonly KindManifest[]): Record<string, unknown> {
  // `output`: numbers and booleans are declared as what they become, not as text from a variable.
  const schema = z.toJSONSchema(settingsFileSchema(kinds), { io: 'output' });
  return { ...schema, title: 'understudy.yaml' };
}
