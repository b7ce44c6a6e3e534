import { expect, test } from 'vitest';
import { isPrivateHost } from './is-private-host.ts';

test.each([
  '127.0.0.1',
  'localhost',
  '[::1]',
  '10.1.2.3',
  '[fd00::1]',
  'vllm',
  'llm.corp.internal',
  'printer.local',
])('%s is private', (host) => {
  expect(isPrivateHost(host)).toBe(true);
});

test.each(['api.acme.example', '8.8.8.8', '[2606:4700::1]', 'internal.acme.example', 'a b'])(
  '%s is not',
  (host) => {
    expect(isPrivateHost(host)).toBe(false);
  },
);
