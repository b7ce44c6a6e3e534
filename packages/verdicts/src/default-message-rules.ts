import { accountCooldown } from './cooldown-rules.ts';
import type { VerdictRule } from './verdict-rule.ts';

/**
 * What vendors say in words where their code and status say less: a 400 that is really a missing
 * model, an empty account or a wrong key. A fragment must be one that a message about something
 * else does not contain, and 402 needs none: its status alone says what it is.
 */
export const defaultMessageRules: readonly VerdictRule[] = [
  {
    id: 'default.message_context_length',
    when: {
      status: [400, 413, 422],
      message: [
        'maximum context length',
        'maximum prompt length',
        'context length exceeded',
        "model's context length",
        'exceed context limit',
        'exceeds the available context size',
        'longer than the maximum model length',
        'prompt is too long',
        'input is too long',
        'exceeds the maximum number of tokens',
        'reduce the length of the messages',
      ],
    },
    verdict: 'next_for_good',
    windowExceeded: true,
  },
  {
    id: 'default.message_content_policy',
    when: {
      status: [400, 403, 422],
      message: [
        'content filtering policy',
        'content management policy',
        'content policy',
        'violating our usage policy',
        'rejected by the safety system',
        'rejected as a result of our safety system',
      ],
    },
    verdict: 'terminal',
    refusal: true,
  },
  {
    id: 'default.message_invalid_key',
    when: {
      status: [400, 403, 404],
      message: [
        'incorrect api key',
        'invalid api key',
        'api key not valid',
        'api key is invalid',
        'api key expired',
        'api key has been disabled',
        'invalid access token',
      ],
    },
    verdict: 'next',
    cooldown: accountCooldown,
  },
  {
    id: 'default.message_billing',
    when: {
      status: [400, 403, 429],
      message: [
        'credit balance',
        'insufficient credit',
        'insufficient balance',
        'insufficient funds',
        'billing hard limit',
        'spending limit',
        'spend limit',
        'used all available credits',
        'billing is not enabled',
        'billing to be enabled',
      ],
    },
    verdict: 'next',
    cooldown: accountCooldown,
  },
  {
    id: 'default.message_account',
    when: {
      status: [400, 403, 429],
      message: [
        'organization has been disabled',
        'organization has been restricted',
        'organization is on hold',
        'account has been deactivated',
        'account has been disabled',
        'account is not active',
        'account is suspended',
      ],
    },
    verdict: 'next',
    cooldown: accountCooldown,
  },
  {
    id: 'default.message_region',
    when: {
      status: [400, 403, 451],
      message: [
        'country, region, or territory not supported',
        'user location is not supported',
        'not available in your country',
        'not available in your region',
      ],
    },
    verdict: 'next',
    cooldown: accountCooldown,
  },
  {
    id: 'default.message_model_not_found',
    when: {
      status: [400, 422],
      message: [
        'model not found',
        'model not exist',
        'model does not exist',
        'unknown model',
        'no such model',
        'invalid model:',
        'invalid model name',
        'is not a valid model',
      ],
    },
    verdict: 'next_for_good',
    modelMissing: true,
  },
  {
    // A 404 alone may mean a file, an earlier answer or the path. Self-hosted servers and gateways
    // name the model instead of a code: "The model `x` does not exist", "model 'x' not found".
    id: 'default.message_no_such_model',
    when: {
      status: [404],
      message: [
        'model `',
        "model '",
        'model "',
        'model not found',
        'model does not exist',
        'unknown model',
        'no such model',
        'does not exist or your team',
      ],
    },
    verdict: 'next_for_good',
    modelMissing: true,
  },
  {
    id: 'default.message_unsupported_parameter',
    when: {
      status: [400, 422],
      message: [
        'unsupported parameter',
        'unknown parameter',
        'unrecognized request argument',
        'extra inputs are not permitted',
        'extra fields not permitted',
        // The quote ends the name of a member: "property 'store' is unsupported".
        "' is unsupported",
        'unknown name "',
        'does not support',
        'not supported by this model',
        'not supported for this model',
        'not supported with this model',
        'deprecated for this model',
        // OpenAI takes four of them, and some vendors more.
        "'stop': array too long",
      ],
    },
    verdict: 'next_for_good',
  },
];
