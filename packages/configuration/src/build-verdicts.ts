import type { VerdictRule } from '@understudy/verdicts';
import { parseDuration } from './duration.ts';
import { present } from './present.ts';
import type { VerdictFile } from './verdict-file.ts';

/** The operator's rows as rules, named by the place where they stand: `operator.route.1`. */
export function buildVerdicts(
  owner: 'route' | 'provider',
  rows: readonly VerdictFile[] = [],
): VerdictRule[] {
  return rows.map((row, index): VerdictRule => ({
    id: `operator.${owner}.${index + 1}`,
    when: present({
      status: asList(row.status),
      type: asList(row.type),
      code: asList(row.code),
      message: asList(row.message),
    }),
    verdict: row.verdict,
    ...(row.cooldown === undefined || row.cooldown === 'none'
      ? {}
      : {
          cooldown: {
            scope: row.cooldown,
            when: 'now',
            ...(row.delay === undefined ? {} : { delayMs: parseDuration(row.delay) }),
          },
        }),
    ...(row.delayHeader === undefined ? {} : { delayHeader: row.delayHeader.toLowerCase() }),
  }));
}

function asList<Item extends string | number>(
  value: Item | Item[] | undefined,
): Item[] | undefined {
  return value === undefined || Array.isArray(value) ? value : [value];
}
