import { expect, test } from 'vitest';
import { cpuByProcess, figureSpread, ratioSpread } from './figures.ts';
import type { Round } from './round.ts';

function round(jobsPerSecond: number, apiCpu: number): Round {
  const throughput = {
    jobsPerSecond,
    cpuMicrosecondsPerJob: { api: apiCpu, worker: 50, redis: 10 },
  };
  return {
    small: throughput,
    large: throughput,
    idle: [1, 2, 3].map((ms) => ({ toCallMs: ms, totalMs: ms + 50, ownMs: ms })),
  };
}

test('ratios are taken within a round, then their median', () => {
  const broker = [round(100, 50), round(300, 150), round(150, 50)];
  const yardstick = [round(200, 50), round(300, 50), round(200, 50)];
  expect(ratioSpread('jobs_per_second', broker, yardstick)).toEqual({
    median: 0.75,
    least: 0.5,
    most: 1,
  });
});

test('the CPU of a contender leaves Redis out, which stands apart', () => {
  const rounds = [round(1, 30)];
  expect(figureSpread('cpu_per_job', rounds).median).toBe(80);
  expect(figureSpread('redis_cpu_per_job', rounds).median).toBe(10);
  expect(cpuByProcess(rounds, 'small')).toEqual({ api: 30, worker: 50, redis: 10 });
});

test('idle latency is counted without the upstream’s time', () => {
  expect(figureSpread('idle_p50', [round(1, 1)]).median).toBe(2);
  expect(figureSpread('idle_total_p50', [round(1, 1)]).median).toBe(52);
});
