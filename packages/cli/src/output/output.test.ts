import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { createOutput, type Channel } from './output.ts';
import { formatDuration, formatRelative } from './duration-text.ts';
import { safeLine, safeText } from './safe-text.ts';
import { formatTable } from './table.ts';

const ESCAPE = '\u001B';

function channel(isTTY: boolean, columns = 80): Channel & { said(): string } {
  const stream = new PassThrough();
  return Object.assign(stream, { isTTY, columns, said: () => String(stream.read() ?? '') });
}

function outputTo(isTTY: boolean, environment: Record<string, string> = {}, json = false) {
  const [stdout, stderr] = [channel(isTTY), channel(isTTY)];
  const output = createOutput({ stdout, stderr, environment, json, colour: true, now: () => 0 });
  return { stdout, stderr, output };
}

const coloured = (isTTY: boolean, environment = {}) =>
  outputTo(isTTY, environment).output.style().colours.bad('x').includes(ESCAPE);

test('a terminal gets colours, a pipe and whoever sets NO_COLOR do not', () => {
  expect(coloured(true)).toBe(true);
  expect(coloured(true, { NO_COLOR: '' })).toBe(true);
  expect(coloured(true, { NO_COLOR: '1' })).toBe(false);
  expect(coloured(true, { TERM: 'dumb' })).toBe(false);
  expect(coloured(false)).toBe(false);
});

test('progress is shown to a terminal alone, and taken away before anything else is said', () => {
  const piped = outputTo(false);
  piped.output.status(() => 'half');
  piped.output.remark('sent');
  expect(piped.stderr.said()).toBe('');
  const { output, stderr } = outputTo(true);
  output.status(({ columns }) => `half of ${columns}`);
  output.note('trouble');
  output.note('more');
  expect(stderr.said()).toBe(`\r${ESCAPE}[Khalf of 79\r${ESCAPE}[Ktrouble\nmore\n`);
});

test('a terminal that knows no width is a wide one', () => {
  const [stdout, stderr] = [channel(true, 0), channel(true, 0)];
  const options = { stdout, stderr, environment: {}, json: false, colour: false, now: () => 0 };
  const output = createOutput(options);
  output.status(({ columns }) => `half of ${columns}`);
  expect(stderr.said()).toContain('half of 199');
  expect(output.style().columns).toBe(200);
});

test('with --json a result is a document, and one of a stream a line', () => {
  const { output, stdout } = outputTo(false, {}, true);
  output.show({ a: 1 }, () => 'text');
  output.showOne({ a: 1 }, () => 'text');
  expect(stdout.said()).toBe('{\n  "a": 1\n}\n{"a":1}\n');
});

test('columns are as wide as what is seen in them', () => {
  const table = formatTable(
    ['A', 'B'],
    [
      [`${ESCAPE}[31mé${ESCAPE}[39m`, 'x'],
      ['long', ''],
    ],
    'none',
  );
  expect(table).toBe(`A     B\n${ESCAPE}[31mé${ESCAPE}[39m     x\nlong\n`);
  expect(formatTable(['A'], [], 'none')).toBe('none\n');
});

test('what others wrote cannot steer the terminal', () => {
  expect(safeText(`a${ESCAPE}[2Jb\u0007\nc`)).toBe('a\uFFFD[2Jb\uFFFD\nc');
  expect(safeLine('a\n  b c', 4)).toBe('a b…');
});

test.each([
  [850, '850 ms'],
  [9_440, '9.4 s'],
  [12_000, '12 s'],
  [200_000, '3 m 20 s'],
  [7_500_000, '2 h 5 m'],
  [90_000_000, '1 d 1 h'],
])('%i ms is %s', (durationMs, text) => {
  expect(formatDuration(durationMs)).toBe(text);
});

test('instants are told from now', () => {
  expect(formatRelative('1970-01-01T00:00:00.000Z', 12_400)).toBe('12 s ago');
  expect(formatRelative(3_000, 0)).toBe('in 3 s');
  expect(formatRelative(200, 0)).toBe('now');
});
