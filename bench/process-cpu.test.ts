import { expect, test } from 'vitest';
import { processCpuMicroseconds } from './process-cpu.ts';

test('the CPU time of a process is what the process itself counts', () => {
  const before = processCpuMicroseconds(process.pid);
  const start = process.cpuUsage();
  while (process.cpuUsage(start).user < 200_000) Math.sqrt(before);
  const used = process.cpuUsage(start);
  const counted = processCpuMicroseconds(process.pid) - before;
  expect(Math.abs(counted - used.user - used.system)).toBeLessThanOrEqual(30_000);
});
