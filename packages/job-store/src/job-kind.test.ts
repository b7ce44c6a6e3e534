import { expect, test } from 'vitest';
import { isUnfinishedText, kindText } from './job-kind.ts';

const MODELS = ['m', '', '"', '["unfinished",', '","unfinished","', '\\', 'ü 🂡'];

test.each([
  ['unfinished', true],
  ['completed', false],
  ['failed', false],
  ['cancelled', false],
  ['expired', false],
] as const)('the text of a kind that is %s tells so, whatever the model', (status, expected) => {
  const texts = MODELS.map((model) =>
    kindText({ status, model, route: model, provider: 'unfinished', error: '["unfinished",' }),
  );
  expect(texts.map(isUnfinishedText)).toEqual(MODELS.map(() => expected));
});
