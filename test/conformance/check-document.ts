import { join } from 'node:path';
import { expect } from 'vitest';

const DOCUMENT = join(import.meta.dirname, '../../docs/dialects.md');

/** Compares the document with the run; `vitest --update` writes it anew. */
export async function checkDocument(written: string): Promise<void> {
  await expect(written).toMatchFileSnapshot(DOCUMENT);
}
