import { expect, test } from 'vitest';
import { defaultRules } from './default-rules.ts';
import { describeVerdicts } from './testing/describe-verdicts.ts';

// The default rows stand behind every kind's; here they are judged as if they were a kind's own.
describeVerdicts({
  kind: 'default',
  common: defaultRules,
  casesUrl: new URL('./fixtures/verdicts.json', import.meta.url),
});

test('the last default row, and only it, has no condition', () => {
  const unconditional = defaultRules.filter(({ when }) => Object.keys(when).length === 0);
  expect(unconditional).toEqual([defaultRules.at(-1)]);
});
