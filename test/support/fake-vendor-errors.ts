import type { Reply } from './fake-vendor-reply.ts';

/** An error answer: status, headers and body as the vendor sends them. */
export type VendorErrorReply = Required<Pick<Reply, 'status' | 'headers' | 'body'>>;
type Headers = Readonly<Record<string, string>>;

function reply(status: number, body: string | object, headers: Headers = {}): VendorErrorReply {
  return { status, headers, body };
}

function openaiLike(
  status: number,
  error: { type: string; code?: string | null; message: string; param?: string | null },
  headers: Headers = {},
): VendorErrorReply {
  return reply(
    status,
    { error: { param: null, code: null, ...error } },
    { 'x-request-id': 'req_7d2f4c1b9e8a43f0b6c5d4e3f2a1b0c9', ...headers },
  );
}

/** OpenAI: `{error: {message, type, param, code}}`. */
export const openai = {
  invalidApiKey: openaiLike(401, {
    type: 'invalid_request_error',
    code: 'invalid_api_key',
    message: 'Incorrect API key provided: sk-proj-****abcd.',
  }),
  countryNotSupported: openaiLike(403, {
    type: 'request_forbidden',
    code: 'unsupported_country_region_territory',
    message: 'Country, region, or territory not supported',
  }),
  modelNotFound: openaiLike(404, {
    type: 'invalid_request_error',
    code: 'model_not_found',
    message: 'The model `gpt-0` does not exist or you do not have access to it.',
  }),
  contextLengthExceeded: openaiLike(400, {
    type: 'invalid_request_error',
    code: 'context_length_exceeded',
    param: 'messages',
    message:
      "This model's maximum context length is 128000 tokens. However, your messages resulted in 130412 tokens.",
  }),
  contentPolicyViolation: openaiLike(400, {
    type: 'invalid_request_error',
    code: 'content_policy_violation',
    message: 'Your request was rejected as a result of our safety system.',
  }),
  invalidPrompt: openaiLike(400, {
    type: 'invalid_request_error',
    code: 'invalid_prompt',
    message: 'Invalid prompt: your prompt was flagged as potentially violating our usage policy.',
  }),
  unsupportedParameter: openaiLike(400, {
    type: 'invalid_request_error',
    code: 'unsupported_parameter',
    param: 'max_tokens',
    message:
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
  }),
  rateLimitExceeded: openaiLike(
    429,
    {
      type: 'requests',
      code: 'rate_limit_exceeded',
      message: 'Rate limit reached for gpt-5.5 on requests per min (RPM): Limit 500, Used 500.',
    },
    { 'retry-after': '1', 'retry-after-ms': '420', 'x-ratelimit-reset-requests': '420ms' },
  ),
  slowDown: openaiLike(429, {
    type: 'rate_limit_error',
    code: 'slow_down',
    message: 'Requests are growing too fast; please slow down.',
  }),
  insufficientQuota: openaiLike(429, {
    type: 'insufficient_quota',
    code: 'insufficient_quota',
    message: 'You exceeded your current quota, please check your plan and billing details.',
  }),
  creditBalanceExhausted: openaiLike(429, {
    type: 'insufficient_quota',
    code: 'credit_balance_exhausted',
    message: 'Your credit balance is exhausted.',
  }),
  serverError: openaiLike(500, {
    type: 'server_error',
    message: 'The server had an error while processing your request. Sorry about that!',
  }),
  overloaded: openaiLike(503, {
    type: 'service_unavailable_error',
    code: 'server_is_overloaded',
    message: 'Our servers are currently overloaded. Please try again later.',
  }),
} satisfies Record<string, VendorErrorReply>;

function anthropicLike(
  status: number,
  type: string,
  message: string,
  more: { headers?: Headers; details?: object } = {},
): VendorErrorReply {
  const requestId = 'req_011CVExample8mZ3kQ7wT2nRs';
  const error = { type, message, ...(more.details ? { details: more.details } : {}) };
  return reply(
    status,
    { type: 'error', error, request_id: requestId },
    { 'request-id': requestId, ...more.headers },
  );
}

/** Anthropic: `{type: "error", error: {type, message, details?}, request_id}`. */
export const anthropic = {
  authentication: anthropicLike(401, 'authentication_error', 'invalid x-api-key'),
  billing: anthropicLike(402, 'billing_error', 'There is a problem with your billing.'),
  creditBalanceTooLow: anthropicLike(
    400,
    'invalid_request_error',
    'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.',
  ),
  permission: anthropicLike(
    403,
    'permission_error',
    'Your API key does not have permission to use the specified resource.',
  ),
  modelNotFound: anthropicLike(404, 'not_found_error', 'model: claude-nonesuch'),
  promptTooLong: anthropicLike(
    400,
    'invalid_request_error',
    'prompt is too long: 213452 tokens > 200000 maximum',
  ),
  unsupportedSampling: anthropicLike(
    400,
    'invalid_request_error',
    '`temperature` is not supported by this model.',
  ),
  requestTooLarge: anthropicLike(
    413,
    'request_too_large',
    'Request exceeds the maximum allowed number of bytes.',
  ),
  rateLimit: anthropicLike(
    429,
    'rate_limit_error',
    'This request would exceed the rate limit for your organization of 50 requests per minute.',
    { headers: { 'retry-after': '7' } },
  ),
  spendLimit: anthropicLike(429, 'rate_limit_error', 'Your organization reached its spend limit.', {
    details: { error_code: 'enforced_spend_limit_reached' },
  }),
  apiError: anthropicLike(500, 'api_error', 'Internal server error'),
  timeout: anthropicLike(504, 'timeout_error', 'Request timed out.'),
  overloaded: anthropicLike(529, 'overloaded_error', 'Overloaded'),
} satisfies Record<string, VendorErrorReply>;

function googleLike(
  code: number,
  status: string,
  message: string,
  details?: readonly object[],
): VendorErrorReply {
  return reply(code, { error: { code, message, status, ...(details ? { details } : {}) } });
}

const publisherModelPath =
  'projects/test/locations/global/publishers/anthropic/models/claude-sonnet-4-0';

/** Vertex: `{error: {code, message, status, details?}}`, at times inside an array. */
export const vertex = {
  publisherModelNotFound: googleLike(
    404,
    'NOT_FOUND',
    `Publisher Model \`${publisherModelPath}\` was not found or your project does not have access to it. Please ensure you are using a valid model version.`,
  ),
  publisherModelNotAllowed: googleLike(
    400,
    'FAILED_PRECONDITION',
    `The publisher model ${publisherModelPath} is not allowed by your organization's policy.`,
  ),
  unauthenticated: googleLike(
    401,
    'UNAUTHENTICATED',
    'Request had invalid authentication credentials. Expected OAuth 2 access token.',
  ),
  permissionDenied: googleLike(
    403,
    'PERMISSION_DENIED',
    "Permission 'aiplatform.endpoints.predict' denied on resource.",
  ),
  resourceExhausted: googleLike(
    429,
    'RESOURCE_EXHAUSTED',
    'Quota exceeded for aiplatform.googleapis.com/online_prediction_requests_per_base_model.',
  ),
  resourceExhaustedWithDelay: googleLike(429, 'RESOURCE_EXHAUSTED', 'Resource exhausted.', [
    { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '37s' },
  ]),
  unavailable: googleLike(503, 'UNAVAILABLE', 'The service is currently unavailable.'),
  notFoundInArray: reply(404, [
    {
      error: {
        code: 404,
        message: `Publisher Model \`${publisherModelPath}\` was not found.`,
        status: 'NOT_FOUND',
      },
    },
  ]),
  anthropicOverloaded: anthropic.overloaded,
} satisfies Record<string, VendorErrorReply>;

function databricksLike(status: number, errorCode: string, message: string): VendorErrorReply {
  return reply(
    status,
    { error_code: errorCode, message },
    { 'x-request-id': '6e0b8c1d-2f3a-4b5c-8d7e-9f0a1b2c3d4e' },
  );
}

/** Databricks: `{error_code, message}`. */
export const databricks = {
  endpointNotFound: databricksLike(
    404,
    'ENDPOINT_NOT_FOUND',
    'The given endpoint does not exist, please retry after checking the specified model and version deployment exists.',
  ),
  resourceDoesNotExist: databricksLike(404, 'RESOURCE_DOES_NOT_EXIST', 'The model does not exist.'),
  /** What a workspace without an AI gateway says to a gateway path. */
  gatewayPathMissing: reply(404, '<html><body><h2>HTTP ERROR 404 Not Found</h2></body></html>', {
    'content-type': 'text/html;charset=iso-8859-1',
  }),
  splitEndpoint400: databricksLike(
    400,
    'BAD_REQUEST',
    "The request does not match the model version served by this endpoint: 'databricks-claude-opus-4-6'.",
  ),
  unsupportedField: databricksLike(
    400,
    'BAD_REQUEST',
    '{"message":"store: Extra inputs are not permitted"}',
  ),
  invalidAccessToken: databricksLike(403, 'PERMISSION_DENIED', 'Invalid access token.'),
  permissionDenied: databricksLike(
    403,
    'PERMISSION_DENIED',
    'You do not have permission to query this endpoint.',
  ),
  rateLimitOfZero: databricksLike(
    403,
    'PERMISSION_DENIED',
    'The endpoint is temporarily disabled due to a Databricks-set rate limit of 0.',
  ),
  requestLimitExceeded: databricksLike(
    429,
    'REQUEST_LIMIT_EXCEEDED',
    'REQUEST_LIMIT_EXCEEDED: Exceeded workspace input tokens per minute rate limit.',
  ),
  temporarilyUnavailable: databricksLike(
    503,
    'TEMPORARILY_UNAVAILABLE',
    'The service is temporarily unable to process your request. Please try again later.',
  ),
} satisfies Record<string, VendorErrorReply>;

/** Vendors behind the OpenAI-compatible kind, each with its own peculiarities. */
export const compatible = {
  groqCapacity: openaiLike(498, {
    type: 'internal_server_error',
    code: 'capacity_exceeded',
    message: 'Flex tier capacity exceeded.',
  }),
  mistralUnknownModel: reply(400, {
    object: 'error',
    message: 'Invalid model: nonesuch',
    type: 'invalid_model',
    param: null,
    code: '1500',
  }),
  mistralCapacity: reply(429, {
    object: 'error',
    message: 'Service tier capacity exceeded for this model.',
    type: 'service_tier_capacity_exceeded',
    param: null,
    code: '3505',
  }),
  togetherContextTooLong: openaiLike(403, {
    type: 'invalid_request_error',
    message: 'Input validation error: `inputs` tokens + `max_new_tokens` must be <= 8193.',
  }),
  deepseekInsufficientBalance: openaiLike(402, {
    type: 'unknown_error',
    code: 'invalid_request_error',
    message: 'Insufficient Balance',
  }),
  openrouterErrorInside200: reply(200, {
    error: {
      code: 429,
      message: 'Provider returned error',
      metadata: { provider_name: 'Example' },
    },
  }),
  openrouterCredits: reply(402, {
    error: { code: 402, message: 'Insufficient credits. Add more and retry.' },
  }),
  openrouterModeration: reply(403, {
    error: {
      code: 403,
      message: 'Input was flagged by moderation.',
      metadata: { reasons: ['violence'], provider_name: 'Example' },
    },
  }),
  xaiInvalidKey: reply(400, {
    code: 'Client specified an invalid argument',
    error:
      'Incorrect API key provided: xa***ab. You can obtain an API key from https://console.x.ai.',
  }),
  xaiUnknownModel: reply(404, {
    code: 'Some requested entity was not found',
    error: 'The model nonesuch does not exist or your team does not have access to it.',
  }),
  vllmUnknownModel: reply(404, {
    object: 'error',
    message: 'The model `nonesuch` does not exist.',
    type: 'NotFoundError',
    param: null,
    code: 404,
  }),
  vllmContextTooLong: reply(400, {
    object: 'error',
    message:
      "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens.",
    type: 'BadRequestError',
    param: null,
    code: 400,
  }),
  ollamaUnknownModel: reply(404, { error: 'model "nonesuch" not found, try pulling it first' }),
  emptyAnswer: reply(200, ''),
  blankAnswer: reply(200, ' \n '),
  htmlFromProxy: reply(502, '<html><head><title>502 Bad Gateway</title></head></html>', {
    'content-type': 'text/html',
  }),
} satisfies Record<string, VendorErrorReply>;
