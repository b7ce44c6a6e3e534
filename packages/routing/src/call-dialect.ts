import { isEmbeddingDialect, own } from '@understudy/contracts';
import type { CallerDialect, Dialect, Registration } from '@understudy/contracts';
import { canonicalName } from '@understudy/models';

/** The dialects in which a provider can be asked for a model, by any of the model's names. */
export function spokenDialects(
  { dialects, dialects_by_model: byModel }: Registration,
  names: readonly (string | undefined)[],
): readonly Dialect[] {
  for (const name of names) {
    if (name === undefined) continue;
    const found = own(byModel, name) ?? own(byModel, canonicalName(name) ?? name);
    if (found !== undefined) return found;
  }
  return dialects;
}

/**
 * The dialect a job's body is sent in: its own where that is spoken, else the first one it can be
 * translated to. Embeddings and completions are never exchanged for each other.
 */
export function callDialect(asked: CallerDialect, spoken: readonly Dialect[]): Dialect | undefined {
  if (spoken.includes(asked)) return asked;
  return spoken.find((dialect) => isEmbeddingDialect(dialect) === isEmbeddingDialect(asked));
}
