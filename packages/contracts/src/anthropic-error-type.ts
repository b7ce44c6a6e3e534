const TYPE_BY_STATUS: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  408: 'timeout_error',
  409: 'conflict_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  504: 'timeout_error',
  529: 'overloaded_error',
};
const TYPES: ReadonlySet<string> = new Set([...Object.values(TYPE_BY_STATUS), 'api_error']);

/**
 * The type of an error as Anthropic's API names it.
 * @param type the provider's own word for it, kept where it is one of Anthropic's
 */
export function anthropicErrorType(status: number, type?: string): string {
  if (type !== undefined && TYPES.has(type)) return type;
  return TYPE_BY_STATUS[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error');
}
