import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A checkout in which nobody has set anything up. */
export function emptyCheckout(): string {
  const root = mkdtempSync(join(tmpdir(), 'understudy-checkout-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  symlinkSync(join(import.meta.dirname, '../../../../services'), join(root, 'services'));
  return root;
}
