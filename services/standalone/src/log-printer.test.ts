import { expect, test } from 'vitest';
import { createLogPrinter } from './log-printer.ts';

function printed(verbose: boolean, lines: readonly string[], isQuiet = false) {
  let text = '';
  const printer = createLogPrinter((part) => (text += part), verbose);
  for (const line of lines) printer.print('api', line, isQuiet);
  printer.flush();
  return { text, complaint: printer.lastComplaint('api') };
}

const info = '{"level":30,"time":"2026-01-01T10:00:00.000Z","service":"api","msg":"listening"}';
const warning = '{"level":40,"time":"2026-01-01T10:00:00.000Z","msg":"slow","provider":"a"}';

test('only warnings and worse are shown unless everything is asked for', () => {
  const { text, complaint } = printed(false, [info, warning]);
  expect(text).toMatch(/^\d\d:\d\d:\d\d WARN {2}api: slow provider=a\n$/);
  expect(complaint).toBe('slow provider=a');
  expect(printed(true, [info, warning]).text.split('\n')).toHaveLength(3);
});

test('a line that is no log entry is shown as it is, of a quiet process only on request', () => {
  expect(printed(false, ['Error: broken', '']).text).toBe('api: Error: broken\n');
  expect(printed(false, ['Error: broken'], true)).toEqual({ text: '', complaint: 'Error: broken' });
});

test('what several services say within a second is one line, what one says twice are two', async () => {
  let text = '';
  const printer = createLogPrinter((part) => (text += part), false);
  for (const service of ['api', 'scheduler', 'batch-runner']) printer.print(service, warning);
  printer.print('api', warning.replace('slow', 'slower'));
  expect(printer.lastComplaint('scheduler')).toBe('slow provider=a');
  await expect
    .poll(() => text.replaceAll(/^\S+/gm, 'TIME'))
    .toBe(
      [
        'TIME WARN  api, scheduler, batch-runner: slow provider=a\n',
        'TIME WARN  api: slower provider=a\n',
      ].join(''),
    );
  text = '';
  printer.print('api', warning);
  printer.print('api', warning);
  printer.flush();
  expect(text.trimEnd().split('\n')).toHaveLength(2);
});
