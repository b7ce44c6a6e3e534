import { filePartSchema } from '@understudy/contracts';
import { fileKeys, parsePartKey, projectsKey } from './file-keys.ts';
import { isOwnPlace } from './own-place.ts';
import type { PlaceParts } from './own-place.ts';

/** An upload, or a merge of parts, is done and committed long before. */
const ORPHAN_AGE_MS = 86_400_000;
const REMOVED_AT_ONCE = 100;

export interface SweepParts extends PlaceParts {
  /** Atomic; false of a file that is not there, or is kept for longer than `now` by now. */
  removeExpired(project: string, id: string, now: number): Promise<boolean>;
}

/** As FileStore's `sweep` promises it. Any number of processes may sweep at the same time. */
export async function sweepFiles(
  parts: SweepParts,
  now: number,
): Promise<{ expired: number; orphaned: number }> {
  const { redis, keyPrefix, bytes } = parts;
  const total = { expired: 0, orphaned: 0 };
  const projects = await redis.smembers(projectsKey(keyPrefix));
  for (const project of projects) total.expired += await removeExpired(parts, project, now);
  // Of a broker that never had a file nothing stands there, and the place need not even be.
  if (projects.length === 0 || !(await isOwnPlace(parts))) return total;
  const before = now - ORPHAN_AGE_MS;
  for (const project of projects) total.orphaned += await removeOrphans(parts, project, before);
  await bytes.removeAbandoned(before, (key) => {
    const part = parsePartKey(key);
    return part !== undefined && projects.includes(part.project);
  });
  return total;
}

async function removeExpired(parts: SweepParts, project: string, now: number): Promise<number> {
  const { expiring } = fileKeys(parts.keyPrefix, project, '');
  let count = 0;
  for (;;) {
    const ids = await parts.redis.zrangebyscore(expiring, 0, now, 'LIMIT', 0, REMOVED_AT_ONCE);
    for (const id of ids) if (await parts.removeExpired(project, id, now)) count += 1;
    if (ids.length < REMOVED_AT_ONCE) return count;
  }
}

async function removeOrphans(parts: SweepParts, project: string, before: number): Promise<number> {
  const { bytes } = parts;
  let named = { file: '', keys: new Set<string>() };
  let orphans: string[] = [];
  let count = 0;
  for await (const { key, changedAt } of bytes.list(`${project}/`)) {
    const { file } = parsePartKey(key) ?? {};
    // Whoever put there what is no part of a file removes it, too.
    if (changedAt >= before || file === undefined) continue;
    if (named.file !== file) named = { file, keys: await namedKeys(parts, project, file) };
    if (named.keys.has(key)) continue;
    orphans.push(key);
    count += 1;
    if (orphans.length < REMOVED_AT_ONCE) continue;
    await bytes.remove(orphans);
    orphans = [];
  }
  await bytes.remove(orphans);
  return count;
}

async function namedKeys(
  { redis, keyPrefix }: SweepParts,
  project: string,
  file: string,
): Promise<Set<string>> {
  const rows = await redis.lrange(fileKeys(keyPrefix, project, file).parts, 0, -1);
  return new Set(rows.map((row) => filePartSchema.parse(JSON.parse(row)).key));
}
