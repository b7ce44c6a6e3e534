import type { Dialect } from '@understudy/contracts';
import type { QuirkEdits, ReadMember } from './model-quirk.ts';
import { MODEL_QUIRKS } from './quirk-table.ts';

export type { QuirkEdits, ReadMember } from './model-quirk.ts';

/**
 * What a body needs at its top level so that one model takes it: members that the model answers
 * with an error are removed or changed, all others stay as the caller wrote them. Pure.
 * @param dialect of the body as it leaves
 * @param canonical our name of the model that will be called
 */
export function quirkEdits(
  dialect: Dialect,
  canonical: string | undefined,
  readMember: ReadMember,
): QuirkEdits {
  const combined: QuirkEdits = { edits: {}, losses: [] };
  if (canonical === undefined) return combined;
  const { edits, losses } = combined;
  const read: ReadMember = (name) => (Object.hasOwn(edits, name) ? edits[name] : readMember(name));
  for (const quirk of MODEL_QUIRKS) {
    if (!quirk.dialects.includes(dialect) || !quirk.models.includes(canonical)) continue;
    const found = quirk.edit(read, canonical);
    Object.assign(edits, found.edits);
    losses.push(...found.losses);
  }
  return combined;
}
