import { defaultCodeRules } from './default-code-rules.ts';
import { defaultMessageRules } from './default-message-rules.ts';
import { defaultStatusRules } from './default-status-rules.ts';
import type { VerdictRule } from './verdict-rule.ts';

/** The rows that hold at every provider. Exactly the last one matches everything. */
export const defaultRules: readonly VerdictRule[] = [
  ...defaultCodeRules,
  ...defaultMessageRules,
  ...defaultStatusRules,
];
