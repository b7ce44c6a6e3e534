import { expect, test } from 'vitest';
import { createPatience } from './patience.ts';

class Passing extends Error {}
class Full extends Passing {}

function patienceWith(said: string[], signal = new AbortController().signal) {
  return createPatience({
    mayPass: (error) => error instanceof Passing,
    asksToWait: (error) => error instanceof Full,
    retryAfterMs: () => 1,
    say: (line) => said.push(line),
    signal,
  });
}

test('an outage is told once when it begins and once when it is over', async () => {
  const said: string[] = [];
  let calls = 0;
  const answer = await patienceWith(said)(async () => {
    calls += 1;
    if (calls < 4) throw new Passing('connection refused');
    return 'answer';
  });
  expect({ answer, calls }).toEqual({ answer: 'answer', calls: 4 });
  expect(said).toEqual([
    'The broker does not answer (connection refused); waiting for it …',
    'The broker answers again.',
  ]);
});

test('a broker that has no room is not called away', async () => {
  const said: string[] = [];
  const answers = [new Full('2 of 2 jobs wait'), new Passing('connection refused')];
  await patienceWith(said)(async () => {
    const error = answers.shift();
    if (error !== undefined) throw error;
  });
  expect(said).toEqual([
    'The broker asks to wait (2 of 2 jobs wait); trying again by itself …',
    'The broker has room again.',
  ]);
});

test('a refusal is final', async () => {
  const refusal = new Error('no');
  await expect(patienceWith([])(() => Promise.reject(refusal))).rejects.toBe(refusal);
});

test('whoever interrupts it gets the reason of the interruption', async () => {
  const interrupt = new AbortController();
  const reason = new Error('interrupted');
  const patience = patienceWith([], interrupt.signal);
  const call = patience(() => {
    interrupt.abort(reason);
    return Promise.reject(new Passing('away'));
  });
  await expect(call).rejects.toBe(reason);
});
