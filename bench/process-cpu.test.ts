import { expect, test } from 'vitest';
import { cpuPerJob, ownCpu, processCpuMicroseconds, redisCpu, totalCpu } from './process-cpu.ts';

test('the CPU time of a process is what the process itself counts', () => {
  const before = processCpuMicroseconds(process.pid);
  const start = process.cpuUsage();
  while (process.cpuUsage(start).user < 200_000) Math.sqrt(before);
  const used = process.cpuUsage(start);
  const counted = processCpuMicroseconds(process.pid) - before;
  expect(Math.abs(counted - used.user - used.system)).toBeLessThanOrEqual(30_000);
  // On a busy machine a fifth of a second of computing takes many seconds.
}, 60_000);

test('the CPU of a contender leaves Redis out, which stands apart', () => {
  const before = new Map([
    ['api', 1000],
    ['worker', 0],
    ['redis', 500],
  ]);
  const after = new Map([
    ['api', 4000],
    ['worker', 5000],
    ['redis', 1500],
  ]);
  const cpu = cpuPerJob(before, after, 100);
  expect(cpu).toEqual({ api: 30, worker: 50, redis: 10 });
  expect([ownCpu(cpu), redisCpu(cpu), totalCpu(cpu)]).toEqual([80, 10, 90]);
});
