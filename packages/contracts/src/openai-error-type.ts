const TYPE_BY_STATUS: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
};

/**
 * The type of an error as OpenAI's API names it.
 * @param type the provider's own word for it, where it has one
 */
export function openAiErrorType(status: number, type?: string): string {
  const family = status >= 500 ? 'api_error' : 'invalid_request_error';
  return type ?? TYPE_BY_STATUS[status] ?? family;
}
