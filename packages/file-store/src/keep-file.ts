import { fileRecordSchema } from '@understudy/contracts';
import { loadScript } from '@understudy/runtime';
import type { Redis } from '@understudy/runtime';
import { z } from 'zod';
import type { FileKeys } from './file-keys.ts';

const keepScript = loadScript(new URL('./scripts/keep-file.lua', import.meta.url));

/** A record as it is kept, of which only this much has to be read: the rest may be encrypted. */
const expiringSchema = z.looseObject(fileRecordSchema.pick({ expires_at: true }).shape);

/** As FileStore's `keepUntil` promises it. */
export async function keepFile(
  redis: Redis,
  { record, expiring }: Pick<FileKeys, 'record' | 'expiring'>,
  id: string,
  at: number,
): Promise<boolean> {
  for (;;) {
    const text = await redis.hget(record, 'rec');
    if (text === null) return false;
    const kept = expiringSchema.parse(JSON.parse(text));
    if (kept.expires_at === undefined || kept.expires_at >= at) return true;
    const later = JSON.stringify({ ...kept, expires_at: at });
    const reply = await keepScript.run(redis, [record, expiring], [id, text, later, at]);
    // Somebody else has changed it meanwhile: perhaps to what is wanted.
    if (Number(reply) === 1) return true;
  }
}
