import type { VerdictRule } from '@understudy/verdicts';
import { present } from './present.ts';
import type { VerdictFile } from './verdict-file.ts';

/** The operator's rows as rules, named `operator.<n>` by their place. */
export function buildVerdicts(rows: readonly VerdictFile[] = []): VerdictRule[] {
  return rows.map((row, index): VerdictRule => ({
    id: `operator.${index + 1}`,
    when: present({
      status: asList(row.status),
      type: asList(row.type),
      code: asList(row.code),
      message: asList(row.message),
    }),
    verdict: row.verdict,
    ...(row.cooldown === undefined || row.cooldown === 'none'
      ? {}
      : { cooldown: { scope: row.cooldown, when: 'now' } }),
  }));
}

function asList<Item extends string | number>(
  value: Item | Item[] | undefined,
): Item[] | undefined {
  return value === undefined || Array.isArray(value) ? value : [value];
}
