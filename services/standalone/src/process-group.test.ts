import { expect, test } from 'vitest';
import { createLogPrinter } from './log-printer.ts';
import { createProcessGroup } from './process-group.ts';

const ignore = () => {};

test('a start that is still under way when the stop begins adds no process', async () => {
  const group = createProcessGroup(createLogPrinter(ignore, false), ignore);
  const stopped = group.stop([], 0);
  expect(() => group.start({ name: 'late', args: ['--version'] }, process.env)).toThrow(
    'late is not started',
  );
  await stopped;
});
