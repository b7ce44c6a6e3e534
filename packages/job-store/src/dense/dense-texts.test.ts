import { attemptSchema, jobEndSchema, jobProgressSchema } from '@understudy/contracts';
import type { Attempt } from '@understudy/contracts';
import { assert, constantFrom, integer, oneof, option, property, record, string } from 'fast-check';
import { expect, test } from 'vitest';
import { NOON, attempt, jobRequest, queuedAt } from '../testing/stored-jobs.ts';
import { denseAttempt, fullAttempt } from './dense-attempt.ts';
import { denseEnd, fullEnd } from './dense-end.ts';
import { denseError, fullError } from './dense-error.ts';
import { denseProgress, fullProgress } from './dense-progress.ts';
import { membersOf } from './members.ts';

const BASE = jobRequest();
const stored = (value: object) => membersOf(JSON.parse(JSON.stringify(value)));

const reread = (one: Attempt, end = {}) =>
  attemptSchema.parse(fullAttempt(stored(denseAttempt(one, BASE, end)), one.number, BASE, end));

const optional = { nil: undefined };
const model = option(constantFrom('m', 'other', ''), optional);
const counts = record({
  input_tokens: option(integer(), optional),
  output_tokens: option(integer(), optional),
  cache_write_tokens: option(integer(), optional),
});
const costs = oneof(
  record({ status: constantFrom('unknown' as const), reason: string() }),
  record({
    status: constantFrom('known' as const, 'partial' as const),
    amount: integer(),
    currency: constantFrom('USD' as const),
    prices_as_of: string(),
  }),
);
const attempts = record({
  number: integer({ min: 1, max: 99 }),
  round: integer({ min: 1, max: 3 }),
  target: constantFrom('a', 'a/m'),
  provider: constantFrom('a', 'b'),
  kind: option(string(), optional),
  dialect: option(constantFrom('chat-completions' as const, 'messages' as const), optional),
  model_requested: constantFrom('m', 'other'),
  model_drawn: model,
  model_sent: model,
  model_served: model,
  outcome: constantFrom(...attemptSchema.shape.outcome.options),
  verdict: option(
    constantFrom('next' as const, 'next_for_good' as const, 'terminal' as const),
    optional,
  ),
  rule: option(string(), optional),
  error: option(
    record({ message: option(string(), optional), body: option(string(), optional) }),
    optional,
  ),
  started_at: integer({ min: NOON - 1000, max: NOON + 1000 }),
  usage: option(counts, optional),
  cost: option(costs, optional),
  maybe_billed: option(constantFrom(true, false), optional),
  token: option(integer({ min: 0 }), optional),
});

test('every attempt is read as it was written, member by member in the same order', () => {
  assert(
    property(attempts, (one) => {
      const read = reread(one);
      expect(read).toEqual(JSON.parse(JSON.stringify(one)));
      expect(JSON.stringify(read)).toBe(JSON.stringify(attemptSchema.parse(stored(one))));
    }),
  );
});

test('what an attempt has in common with the end of its job stands in the end alone', () => {
  assert(
    property(attempts, counts, costs, (one, usage, cost) => {
      expect(reread({ ...one, usage, cost }, { usage, cost })).toEqual(
        stored({ ...one, usage, cost }),
      );
      const kept = stored(denseAttempt({ ...one, usage, cost }, BASE, { usage, cost }));
      expect(kept).toMatchObject({ g: 1, x: 1 });
    }),
  );
});

test.each([
  [
    'as it is',
    'the model is overloaded, try later',
    '{"error":{"message":"the model is overloaded, try later"}}',
    [21, 34],
  ],
  [
    'as JSON writes it',
    'the model "m" is\noverloaded',
    '{"message":"the model \\"m\\" is\\noverloaded"}',
    [12, 30, 1],
  ],
  ['not at all', 'the model is overloaded, try later', 'busy', undefined],
  ['cut off', 'the model is overloaded, try later', '{"message":"the model is over', undefined],
  ['as a few letters', 'busy', 'busy', undefined],
])('a message that the body holds %s is read again', (_how, message, body, span) => {
  const kept = stored(denseError({ code: 'c', message, body }));
  expect(kept['m']).toEqual(span ?? message);
  expect(fullError(kept)).toEqual({ code: 'c', message, body });
});

test('progress is read as it was written, wherever the job stands', () => {
  const queued = queuedAt('b');
  const waiting = {
    kind: 'waiting' as const,
    since: NOON,
    reason: 'paused' as const,
    until: NOON + 9,
    rooms: [{ provider: 'a', model: 'm' }],
  };
  for (const progress of [
    queued,
    { ...queued, visited: ['a', 'b'], calls: 2, round_calls: 2, draws: { split: 'x' } },
    { ...queued, visited: ['b', 'a'], calls: 2, round_calls: 1, round: 2, route: 'other' },
    { ...queued, visited: [] },
    { ...queued, place: { ...queued.place, since: NOON + 4, leave_at: NOON + 9 } },
    { ...queued, place: waiting, visited: ['a'], closed: { a: 'gone' }, window_exceeded: 9 },
    { ...queued, cost: { status: 'unknown' as const, reason: 'no price' }, hedge: { after_ms: 1 } },
  ]) {
    const read = fullProgress(
      stored(denseProgress(jobProgressSchema.loose().parse(progress), BASE)),
      BASE,
    );
    expect(jobProgressSchema.loose().parse(read)).toEqual(progress);
  }
});

test('an end is read as it was written', () => {
  const error = { code: 'x', message: 'm', provider: 'a', status_code: 500, rule: 'r' };
  const said = { message: 'the model is overloaded', body: '"the model is overloaded"' };
  for (const end of [
    { v: 1 },
    { v: 1, result: { provider: 'a' } },
    { v: 1, result: { provider: 'a', model: 'm', refusal: true }, usage: {} },
    { v: 1, error },
    { v: 1, error: { ...error, provider_error: said }, usage: { reasoning_tokens: 3 } },
  ]) {
    expect(jobEndSchema.parse(fullEnd(stored(denseEnd(end))))).toEqual(end);
  }
});

test('texts of the first form are read as they are', () => {
  const one = attempt(2);
  expect(fullAttempt(stored(one), 2, BASE)).toEqual(one);
  expect(fullProgress(stored(queuedAt('a')), BASE)).toEqual(queuedAt('a'));
  expect(fullEnd({ v: 1 })).toEqual({ v: 1 });
});
