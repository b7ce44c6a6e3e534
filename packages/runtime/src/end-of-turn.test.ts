import { expect, test } from 'vitest';
import { atEndOfTurn } from './end-of-turn.ts';

test('calls come before writes, also those that a call makes, and all within one turn', async () => {
  const done: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  atEndOfTurn('writes', () => done.push('first write'));
  atEndOfTurn('calls', () => {
    done.push('call');
    atEndOfTurn('calls', () => done.push('call of the call'));
    atEndOfTurn('writes', () => done.push('write of the call'));
  });
  setImmediate(() => {
    done.push('next');
    resolve();
  });
  process.nextTick(() => done.push('tick'));
  await promise;
  expect(done).toEqual([
    'tick',
    'call',
    'call of the call',
    'first write',
    'write of the call',
    'next',
  ]);
});

test('what a write asks for is done at the end of the next turn', async () => {
  const done: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  atEndOfTurn('writes', () => {
    atEndOfTurn('calls', () => {
      done.push('later');
      resolve();
    });
    done.push('write');
  });
  await promise;
  expect(done).toEqual(['write', 'later']);
});
