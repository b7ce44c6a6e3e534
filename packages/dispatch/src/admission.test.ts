import { expect, test } from 'vitest';
import { memoryShareOf } from './admission.ts';

test('the share of memory in use is read from what Redis says of itself', () => {
  const info = '# Memory\r\nused_memory:750\r\nused_memory_rss:900\r\nmaxmemory:1000\r\n';
  expect(memoryShareOf(info)).toBe(0.75);
});

test('a Redis without a limit has no share', () => {
  expect(memoryShareOf('used_memory:750\r\nmaxmemory:0\r\n')).toBeUndefined();
});
