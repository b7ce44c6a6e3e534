import type { TopLevelEdits } from './edit-top-level.ts';

/**
 * What changes in a caller's body for a provider of the same dialect. The broker reads whole
 * answers and waits itself, so the caller's wishes about streaming and background work stay here.
 * @param model the provider's name; undefined where the model stands in the path alone
 */
export function sameDialectEdits(model: string | undefined): TopLevelEdits {
  return { model, stream: undefined, stream_options: undefined, background: undefined };
}
