import type { Provider } from '@understudy/client';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { createOutput } from './output.ts';
import { renderProviders } from './render-broker.ts';

function rowOf(queue: Provider['queue']): string {
  const provider: Provider = {
    object: 'provider',
    id: 'main',
    kind: 'openai',
    registered: true,
    alive: true,
    dialects: ['chat-completions'],
    concurrency: 4,
    in_use: 1,
    requests_last_minute: 0,
    queue,
    waiting: [],
    cooldowns: [],
    stale_names: [],
  };
  const stdout = Object.assign(new PassThrough(), { isTTY: false, columns: 80 });
  const output = createOutput({
    stdout,
    stderr: stdout,
    environment: {},
    json: false,
    colour: false,
    now: () => 0,
  });
  return renderProviders([provider], output.style()).split('\n')[1] ?? '';
}

test('turns that rest are told of beside those that are queued, where there are any', () => {
  expect(rowOf({ waiting: 3, active: 1, resting: 2 })).toMatch(/ 1\/4 +3 \+ 2 resting +0/);
  expect(rowOf({ waiting: 3, active: 1, resting: 0 })).toMatch(/ 1\/4 +3 +0/);
  // An API of the release before tells of none.
  expect(rowOf({ waiting: 3, active: 1 })).toMatch(/ 1\/4 +3 +0/);
});
