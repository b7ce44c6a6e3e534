import { loadScript } from '@understudy/runtime';
import type { Redis } from '@understudy/runtime';
import { batchKeys, batchMember, wakeChannel } from './batch-keys.ts';
import type { BatchReference } from './batch-keys.ts';
import type { EndedLine } from './batch-run.ts';
import { USAGE_MEMBERS } from './parse-batch.ts';

const countScript = loadScript(new URL('./scripts/count-ended.lua', import.meta.url));

/** Lines that one script counts, so that none holds Redis for long. */
const COUNTED_AT_ONCE = 500;
const USAGE_FIELDS = USAGE_MEMBERS.map((member) => `u_${member}`);

/** As BatchRuns promises it. @returns how many were counted now */
export async function countEnded(
  redis: Redis,
  keyPrefix: string,
  batch: BatchReference,
  lines: readonly EndedLine[],
): Promise<number> {
  const { record, counted, ended } = batchKeys(keyPrefix, batch);
  let total = 0;
  for (let start = 0; start < lines.length; start += COUNTED_AT_ONCE) {
    const rows = lines.slice(start, start + COUNTED_AT_ONCE).flatMap(argumentsOf);
    const reply = await countScript.run(
      redis,
      [record, counted, ended],
      [wakeChannel(keyPrefix), batchMember(batch), USAGE_FIELDS.length, ...USAGE_FIELDS, ...rows],
    );
    total += Number(reply);
  }
  return total;
}

function argumentsOf({ line, outcome, usage, cost }: EndedLine): (string | number)[] {
  const priced = cost !== undefined && cost.status !== 'unknown' ? cost : undefined;
  return [
    line,
    outcome,
    ...USAGE_MEMBERS.map((member) => amountOf(usage?.[member])),
    priced?.amount ?? '',
    cost === undefined || cost.status === 'known' ? '' : 1,
    priced?.prices_as_of ?? '',
  ];
}

function amountOf(tokens: number | undefined): number | '' {
  return tokens === undefined ? '' : Math.round(tokens);
}
