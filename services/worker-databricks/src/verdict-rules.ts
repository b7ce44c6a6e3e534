import {
  accountCooldown,
  capacityCooldown,
  unreachableCooldown,
  type VerdictRule,
} from '@understudy/verdicts';

/**
 * What Databricks says beyond the shared names, messages and statuses. A model can live on one of
 * its surfaces and be unknown or forbidden on another, so these answers send the call to the next
 * surface first (`surfaceMissing`).
 */
export const verdictRules: readonly VerdictRule[] = [
  {
    // `*`, any error code at all: these words count before the codes they come with, such as the
    // PERMISSION_DENIED below.
    id: 'databricks.invalid_token',
    when: {
      status: [400, 401, 403],
      code: ['*'],
      message: [
        'invalid access token',
        'invalid token',
        'token is expired',
        'credential was not sent',
      ],
    },
    verdict: 'next',
    cooldown: accountCooldown,
  },
  {
    id: 'databricks.network_policy',
    when: { status: [403], code: ['*'], message: ['ip acl', 'blocked by network policy'] },
    verdict: 'next',
    cooldown: accountCooldown,
  },
  {
    // The owner of the endpoint has closed it to us; no waiting opens it.
    id: 'databricks.rate_limit_of_zero',
    when: { status: [403], code: ['*'], message: ['rate limit of 0'] },
    verdict: 'next_for_good',
  },
  {
    id: 'databricks.rate_limit',
    when: { status: [429, 503], code: ['REQUEST_LIMIT_EXCEEDED', 'RESOURCE_EXHAUSTED'] },
    verdict: 'next',
    cooldown: { ...capacityCooldown, baseMs: 10_000 },
  },
  {
    id: 'databricks.endpoint_not_found',
    when: { code: ['ENDPOINT_NOT_FOUND', 'RESOURCE_DOES_NOT_EXIST', 'NOT_FOUND'] },
    verdict: 'next_for_good',
    modelMissing: true,
    surfaceMissing: true,
  },
  {
    id: 'databricks.feature_disabled',
    when: { code: ['FEATURE_DISABLED'] },
    verdict: 'next_for_good',
    surfaceMissing: true,
  },
  {
    // Seen where a model is served by the gateway alone: 403 on the direct path.
    id: 'databricks.surface_forbidden',
    when: { status: [403], code: ['PERMISSION_DENIED'] },
    verdict: 'next_for_good',
    surfaceMissing: true,
  },
  {
    id: 'databricks.payload_too_large',
    when: { status: [400], code: ['MAX_REQUEST_SIZE_EXCEEDED', 'REQUEST_SIZE_LIMIT_EXCEEDED'] },
    verdict: 'next_for_good',
  },
  {
    // The mlflow path knows no strict tools: it refuses the field, or compiles all schemas into
    // one grammar that has a limit (reported as tidyverse/ellmer#548 and #1108). Every version
    // behind the path says the same, and another target need not.
    id: 'databricks.strict_tools',
    when: {
      status: [400, 422],
      code: ['*'],
      message: ['strict: extra inputs', 'unknown field "strict"', 'compiled grammar size'],
    },
    verdict: 'next_for_good',
  },
  {
    // Claude 5.5 has structured output in its own dialect alone, not on the mlflow path.
    id: 'databricks.response_format',
    when: {
      status: [400, 422],
      code: ['BAD_REQUEST', 'INVALID_PARAMETER_VALUE'],
      message: [
        'response_format is not supported',
        'response_format` is not supported',
        "response_format' is not supported",
        'does not support response_format',
        'does not support the response_format',
        'does not support `response_format`',
        'unknown field "response_format"',
        'response_format: extra inputs',
      ],
    },
    verdict: 'next_for_good',
  },
  {
    // An endpoint may split its traffic over model versions: the version that refused this body
    // is not the one that the next call reaches, so this target stays open.
    id: 'databricks.body_of_other_version',
    when: {
      status: [400, 422],
      code: ['BAD_REQUEST', 'INVALID_PARAMETER_VALUE', 'invalid_request_error'],
      message: [
        'extra inputs are not permitted',
        'extra fields not permitted',
        'unsupported',
        'not supported',
        'does not support',
        'unrecognized',
        'unknown field',
        'deprecated for this model',
        'cannot both be specified for this model',
        'does not match the model',
        'does not fit the served version',
        'invalid model',
      ],
    },
    verdict: 'next',
  },
  {
    id: 'databricks.gateway_not_enabled',
    when: {
      status: [400, 403, 404, 501],
      message: [
        'ai gateway is not enabled',
        'ai gateway not enabled',
        'not enabled for this workspace',
      ],
    },
    verdict: 'next_for_good',
    surfaceMissing: true,
  },
  {
    // A page or plain text instead of an API error: nothing listens at this path.
    id: 'databricks.path_not_found',
    when: { status: [404, 405, 501] },
    verdict: 'next_for_good',
    surfaceMissing: true,
  },
  {
    // A gateway host that does not resolve, or a workspace that sends unknown paths to its login.
    id: 'databricks.surface_unreachable',
    when: { fault: ['connect', 'redirect'] },
    verdict: 'next',
    cooldown: unreachableCooldown,
    surfaceMissing: true,
  },
];
