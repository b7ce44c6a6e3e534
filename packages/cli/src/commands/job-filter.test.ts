import { Command, CommanderError } from '@commander-js/extra-typings';
import { expect, test } from 'vitest';
import { filterOptions, readFilter } from './job-filter.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');

/** What `--since` with this text asks for. */
function readSince(text: string): string | undefined {
  const command = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  for (const option of filterOptions(() => NOW)) command.addOption(option);
  command.parse([`--since=${text}`], { from: 'user' });
  return readFilter(command.opts()).created_after;
}

test.each([
  ['30s', '2026-11-22T11:59:30.000Z'],
  ['90m', '2026-11-22T10:30:00.000Z'],
  ['2h', '2026-11-22T10:00:00.000Z'],
  ['1d', '2026-11-21T12:00:00.000Z'],
  ['2026-11-22', '2026-11-22T00:00:00.000Z'],
  ['2024-02-29', '2024-02-29T00:00:00.000Z'],
  ['2026-11-22T09:00Z', '2026-11-22T09:00:00.000Z'],
  ['2026-11-22T09:00:01.5+02:00', '2026-11-22T07:00:01.500Z'],
  // Of this machine's clock.
  ['2026-11-22T09:00', new Date(2026, 10, 22, 9).toISOString()],
])('%s is %s', (text, instant) => {
  expect(readSince(text)).toBe(instant);
});

/** Their unit was forgotten, and Date would make years and months of them. */
const WITHOUT_UNIT = ['0', '5', '10', '90', '2026', '2026-11'];
/** Date would make the next day of them. */
const BEYOND_THE_END = ['2026-11-31', '2026-02-29', '2026-11-31T09:00Z', '2026-11-30T24:00Z'];
const BEFORE_ALL_TIME = '999999999d';
const NO_TIMES = ['-2h', '2 h', '2w', '1.5h', '2h30m', 'yesterday', 'Nov 22', '11/22/2026', ''];

test.each([...WITHOUT_UNIT, ...BEYOND_THE_END, BEFORE_ALL_TIME, ...NO_TIMES])(
  '%j is refused, with what to give instead',
  (text) => {
    const reading = () => readSince(text);
    expect(reading).toThrow(CommanderError);
    expect(reading).toThrow(`argument '${text}' is invalid. Give a time such as 2026-11-22T09:00Z`);
  },
);
