import { expect, test } from 'vitest';
import { memoryShare, parseRedisMemory } from './redis-memory.ts';

const info = (maxmemory: number): string =>
  `# Memory\r\nused_memory:750\r\nused_memory_rss:900\r\nmaxmemory:${maxmemory}\r\n`;

test('the share of memory in use is read from what Redis says of itself', () => {
  expect(memoryShare(parseRedisMemory(info(1000), undefined))).toBe(0.75);
});

test('the operator’s budget counts where it is less than what Redis may use', () => {
  expect(memoryShare(parseRedisMemory(info(1000), 800))).toBe(750 / 800);
  expect(memoryShare(parseRedisMemory(info(1000), 5000))).toBe(0.75);
  expect(memoryShare(parseRedisMemory(info(0), 1500))).toBe(0.5);
});

test('a Redis without a limit and without a budget is never full', () => {
  expect(memoryShare(parseRedisMemory(info(0), undefined))).toBe(0);
});
