import { type Dialect, dialectSchema, isEmbeddingDialect } from '@understudy/contracts';

/** Every dialect that completes, in order of the letters: each table of them needs a row for it. */
export const completionDialects: readonly Dialect[] = dialectSchema.options
  .filter((dialect) => !isEmbeddingDialect(dialect))
  .toSorted();
