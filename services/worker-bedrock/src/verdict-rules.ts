import {
  accountCooldown,
  capacityCooldown,
  outageCooldown,
  type VerdictRule,
} from '@understudy/verdicts';

/** What AWS's front door says of keys, tokens and signatures before any model is asked. */
const CREDENTIAL_ERRORS = [
  'UnrecognizedClientException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'IncompleteSignature*',
  'MissingAuthenticationToken*',
  'ExpiredToken*',
  'RequestExpired',
  'OptInRequired',
];

const accountRules: readonly VerdictRule[] = [
  {
    id: 'bedrock.credentials',
    when: { code: CREDENTIAL_ERRORS },
    verdict: 'next',
    cooldown: accountCooldown,
  },
  {
    id: 'bedrock.key_or_account_refused',
    when: {
      code: ['AccessDeniedException'],
      message: [
        'security token',
        'api key is valid',
        'bearer token',
        'account is not authorized to invoke',
        'payment instrument',
        'callwithbearertoken',
      ],
    },
    verdict: 'next',
    cooldown: accountCooldown,
  },
  {
    // Reported of the bearer keys: this answer may come without the name of an error.
    id: 'bedrock.key_refused',
    when: { status: [401, 403], message: ['make sure your api key is valid'] },
    verdict: 'next',
    cooldown: accountCooldown,
  },
  {
    // So new or restricted accounts are answered, whichever model they ask for.
    id: 'bedrock.account_restricted',
    when: { code: ['ValidationException'], message: ['operation not allowed'] },
    verdict: 'next',
    cooldown: accountCooldown,
  },
];

const modelRules: readonly VerdictRule[] = [
  {
    id: 'bedrock.model_not_callable',
    when: {
      code: ['ValidationException'],
      message: [
        'identifier is invalid',
        "on-demand throughput isn't supported",
        'on-demand throughput is not supported',
        "'modelid' failed to satisfy constraint",
      ],
    },
    verdict: 'next_for_good',
    modelMissing: true,
  },
  {
    // No access granted, use case form missing, end of life: other models may answer all the same.
    id: 'bedrock.model_access_denied',
    when: { code: ['AccessDeniedException'] },
    verdict: 'next_for_good',
  },
  {
    id: 'bedrock.model_not_found',
    when: { code: ['ResourceNotFoundException'] },
    verdict: 'next_for_good',
    modelMissing: true,
  },
];

const bodyRules: readonly VerdictRule[] = [
  {
    id: 'bedrock.input_too_long',
    when: {
      code: ['ValidationException'],
      message: [
        'input is too long',
        'prompt is too long',
        'too many input tokens',
        'input tokens exceeds',
        'input token count exceeds',
        'expected maxlength',
        'maximum context length',
      ],
    },
    verdict: 'next_for_good',
    windowExceeded: true,
  },
  {
    id: 'bedrock.url_source',
    when: { code: ['ValidationException'], message: ['url sources are not supported'] },
    verdict: 'next_for_good',
  },
  {
    id: 'bedrock.field_not_taken',
    when: {
      code: ['ValidationException'],
      message: [
        'extraneous key',
        'extra inputs are not permitted',
        "doesn't support",
        'does not support',
        'not supported by this model',
        'not supported for this model',
        'exceeds the model limit',
      ],
    },
    verdict: 'next_for_good',
  },
];

const capacityRules: readonly VerdictRule[] = [
  {
    id: 'bedrock.daily_quota',
    when: { code: ['ThrottlingException'], message: ['tokens per day', 'requests per day'] },
    verdict: 'next',
    cooldown: { scope: 'model', when: 'now', baseMs: 900_000, alert: true },
  },
  {
    // Bedrock names no delay, and its quotas are per minute.
    id: 'bedrock.throttled',
    when: { code: ['ThrottlingException'] },
    verdict: 'next',
    cooldown: { ...capacityCooldown, baseMs: 5_000 },
  },
  {
    id: 'bedrock.model_not_ready',
    when: { code: ['ModelNotReadyException'] },
    verdict: 'next',
    cooldown: { ...capacityCooldown, baseMs: 10_000 },
  },
  {
    // A limit of the account, until a person has it raised.
    id: 'bedrock.service_quota',
    when: { code: ['ServiceQuotaExceededException'] },
    verdict: 'next',
    cooldown: { scope: 'model', when: 'now', baseMs: 60_000, alert: true },
  },
];

const faultRules: readonly VerdictRule[] = [
  {
    id: 'bedrock.model_timeout',
    when: { code: ['ModelTimeoutException'] },
    verdict: 'next',
    cooldown: outageCooldown,
  },
  {
    id: 'bedrock.model_error',
    when: { code: ['ModelErrorException', 'ModelStreamErrorException'] },
    verdict: 'next',
    cooldown: outageCooldown,
  },
  {
    // By name as well as by status: inside an event stream there is no status.
    id: 'bedrock.service_fault',
    when: {
      code: ['InternalServerException', 'ServiceUnavailableException', 'InternalFailure'],
    },
    verdict: 'next',
    cooldown: outageCooldown,
  },
];

/**
 * What Amazon Bedrock says beyond the shared names, messages and statuses. Its errors are named in
 * the header `x-amzn-errortype`, and by the same names in events of a stream.
 */
export const verdictRules: readonly VerdictRule[] = [
  ...accountRules,
  ...modelRules,
  ...bodyRules,
  ...capacityRules,
  ...faultRules,
];
