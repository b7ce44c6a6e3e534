import { describeVerdicts } from '@understudy/verdicts/testing';
import { verdictRules } from './verdict-rules.ts';

describeVerdicts({
  kind: 'bedrock',
  common: verdictRules,
  casesUrl: new URL('./fixtures/verdicts.json', import.meta.url),
});
