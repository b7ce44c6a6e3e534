import { describeVerdicts } from '@understudy/verdicts/testing';
import { expect, test } from 'vitest';
import { presets } from './presets.ts';
import { verdictRules, verdictRulesByPreset } from './verdict-rules.ts';

describeVerdicts({
  kind: 'openai-compatible',
  common: verdictRules,
  byPreset: verdictRulesByPreset,
  casesUrl: new URL('./fixtures/verdicts.json', import.meta.url),
});

test('every preset with rows of its own is one that can be configured', () => {
  expect(Object.keys(presets)).toEqual(expect.arrayContaining(Object.keys(verdictRulesByPreset)));
});
