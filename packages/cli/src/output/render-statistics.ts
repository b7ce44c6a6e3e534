import type { Statistics } from '@understudy/client';
import { formatDollars } from '@understudy/contracts';
import { formatDuration } from './duration-text.ts';
import { formatFacts } from './facts.ts';
import type { Style } from './output.ts';
import { safeLine } from './safe-text.ts';
import { formatTable } from './table.ts';

const LONGEST_LIST = 80;
const MOST_FLOWS = 10;

/**
 * Totals, one line for each provider, and the ways that jobs took from one to the next.
 * @param none where no provider was called
 */
export function renderStatistics(statistics: Statistics, style: Style, none: string): string {
  return [
    totals(statistics, style),
    providerTable(statistics, style, none),
    flowTable(statistics, style),
  ].join('\n');
}

function totals({ buckets, from, to }: Statistics, style: Style): string {
  const sum = (name: Exclude<keyof (typeof buckets)[number], 'at'>): number =>
    buckets.reduce((total, bucket) => total + bucket[name], 0);
  return formatFacts(
    [
      ['in the last', formatDuration(Date.parse(to) - Date.parse(from))],
      ['accepted', String(sum('accepted'))],
      ['completed', String(sum('completed'))],
      ['failed', String(sum('failed'))],
      ['cancelled', String(sum('cancelled'))],
      ['expired', String(sum('expired'))],
      ['tokens', `${sum('input_tokens')} in, ${sum('output_tokens')} out`],
      ['cost', formatDollars(sum('cost_usd'))],
    ],
    style,
  );
}

function providerTable({ providers }: Statistics, { colours }: Style, none: string): string {
  const headings = ['PROVIDER', 'CALLS', 'OK', 'FAILED', 'SKIPPED', 'P50', 'P95', 'ERRORS'];
  return formatTable(
    headings.map(colours.dim),
    providers.map(({ provider, attempts, succeeded, failed, skipped, latency_ms, errors }) => [
      provider,
      String(attempts),
      String(succeeded),
      failed === 0 ? '0' : colours.warn(String(failed)),
      String(skipped),
      latency_ms === undefined ? '' : formatDuration(latency_ms.p50),
      latency_ms === undefined ? '' : formatDuration(latency_ms.p95),
      safeLine(errors.map(({ rule, count }) => `${rule}: ${count}`).join(', '), LONGEST_LIST),
    ]),
    none,
  );
}

function flowTable({ flows }: Statistics, { colours }: Style): string {
  if (flows.length === 0) return '';
  return formatTable(
    ['FROM', 'TO', 'JOBS'].map(colours.dim),
    flows
      .slice(0, MOST_FLOWS)
      .map(({ from, to, count }) => [from, to ?? colours.bad('unanswered'), String(count)]),
    '',
  );
}
