import { accountCooldown, capacityCooldown } from './cooldown-rules.ts';
import type { VerdictRule } from './verdict-rule.ts';

/**
 * Names of errors that several vendors share, because they speak the same dialect. They count
 * before messages and statuses, and mean the same under every status.
 */
export const defaultCodeRules: readonly VerdictRule[] = [
  {
    id: 'default.code_model_not_found',
    when: { code: ['model_not_found', 'model_not_available', 'model_decommissioned'] },
    verdict: 'next_for_good',
    modelMissing: true,
  },
  {
    id: 'default.code_context_length',
    when: { code: ['context_length_exceeded', 'model_context_window_exceeded'] },
    verdict: 'next_for_good',
    windowExceeded: true,
  },
  {
    id: 'default.code_content_policy',
    when: { code: ['content_policy_violation', 'content_filter', '*ContentPolicyViolation'] },
    verdict: 'terminal',
    refusal: true,
  },
  {
    id: 'default.code_invalid_key',
    when: { code: ['invalid_api_key', 'API_KEY_INVALID'] },
    verdict: 'next',
    cooldown: accountCooldown,
  },
  {
    id: 'default.code_billing',
    when: { code: ['insufficient_quota', 'billing_error', 'billing_not_active'] },
    verdict: 'next',
    cooldown: accountCooldown,
  },
  {
    id: 'default.code_overloaded',
    when: { type: ['overloaded_error'] },
    verdict: 'next',
    cooldown: capacityCooldown,
  },
  {
    // The model's own fault, which Gemini and Bedrock tell in place of an answer: the next try may
    // do better.
    id: 'default.code_generation_failed',
    when: {
      code: [
        'MALFORMED_FUNCTION_CALL',
        'UNEXPECTED_TOOL_CALL',
        'malformed_tool_use',
        'malformed_model_output',
      ],
    },
    verdict: 'next',
  },
  {
    // The same body would be refused the same way in every round, while another target may take
    // it: as with a field that would be lost in translation, this target is out for this job, and
    // a route without another one fails at once instead of after `maxCalls` equal answers.
    id: 'default.code_unsupported_parameter',
    when: {
      status: [400, 422],
      code: ['unsupported_parameter', 'unsupported_value', 'unknown_parameter', 'extra_forbidden'],
    },
    verdict: 'next_for_good',
  },
];
