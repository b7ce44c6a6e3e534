import { createHash } from 'node:crypto';
import type { ArmSettings } from '@understudy/configuration';
import type { JobRequest } from '@understudy/contracts';

/** Stable name of a target or of an arm of a split. */
export function targetName({ provider, model }: { provider: string; model?: string }): string {
  return model === undefined ? provider : `${provider}/${model}`;
}

/**
 * Draws one arm by weight. The same salt and value always draw the same arm while the arms stay
 * the same; values spread evenly.
 */
export function drawArm(arms: readonly ArmSettings[], salt: string, value: string): ArmSettings {
  const digest = createHash('sha256').update(salt).update('\0').update(value).digest();
  const total = arms.reduce((sum, { weight }) => sum + weight, 0);
  let remaining = (digest.readUIntBE(0, 6) / 2 ** 48) * total;
  for (const arm of arms) {
    remaining -= arm.weight;
    if (remaining < 0) return arm;
  }
  const last = arms.at(-1);
  if (last === undefined) throw new RangeError('a split without arms cannot be drawn');
  return last;
}

/** What `splitBy` hashes: the job itself where the job does not carry the value asked for. */
export function splitValue(splitBy: string, request: JobRequest): string {
  if (splitBy === 'user') return request.user ?? request.id;
  if (splitBy.startsWith('metadata.')) {
    return request.metadata?.[splitBy.slice('metadata.'.length)] ?? request.id;
  }
  return request.id;
}
