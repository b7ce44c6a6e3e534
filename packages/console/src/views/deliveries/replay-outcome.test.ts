import { expect, test } from 'vitest';
import { replayOutcome } from './replay-outcome.ts';

test('who replays all since a time, and not to the end, goes on from a later time', () => {
  expect(replayOutcome({ redelivered: 3, has_more: false }, false)).toBe(
    '3 are sent again, the oldest first.',
  );
  expect(replayOutcome({ redelivered: 500, has_more: true }, true)).toMatch(/: replay again\.$/);
  expect(replayOutcome({ redelivered: 500, has_more: true }, false)).toMatch(
    /: replay again, since a later time\.$/,
  );
});
