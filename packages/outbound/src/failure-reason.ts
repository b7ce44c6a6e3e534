/** What the codes of a failed call say to somebody who runs the receiving end. */
const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'has no address',
  EAI_AGAIN: 'could not be looked up for now',
  ECONNREFUSED: 'refused the connection',
  ECONNRESET: 'closed the connection before it answered',
  EPIPE: 'closed the connection before it answered',
  UND_ERR_SOCKET: 'closed the connection before it had answered',
  EHOSTUNREACH: 'cannot be reached',
  ENETUNREACH: 'cannot be reached',
  ETIMEDOUT: 'accepted no connection in time',
  UND_ERR_CONNECT_TIMEOUT: 'accepted no connection in time',
  UND_ERR_HEADERS_TIMEOUT: 'gave no complete answer in time',
  UND_ERR_BODY_TIMEOUT: 'gave no complete answer in time',
  UND_ERR_HEADERS_OVERFLOW: 'answered with too many headers',
  UND_ERR_INVALID_ARG: 'was not called: URL or headers are not valid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'has a certificate for another name',
  CERT_HAS_EXPIRED: 'has a certificate that has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'has a certificate that nobody vouches for',
  SELF_SIGNED_CERT_IN_CHAIN: 'has a certificate that nobody known vouches for',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'has a certificate that nobody known vouches for',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'has a certificate that nobody known vouches for, or sends it without its intermediates',
};

/**
 * Why a call failed, with the error's code. Its own message is not kept: it may quote the address
 * that a name leads to, or what was sent.
 */
export function failureReason(error: unknown): string {
  const code = codeOf(error);
  const reason =
    REASONS[code] ?? (/^(HPE_|HTTPParserError|ERR_SSL_|EPROTO)/.test(code) ? PROTOCOL : 'failed');
  return `${reason} (${code})`;
}

const PROTOCOL = 'answered with something that is not what its scheme says';

/** Several addresses of one name fail together, as an AggregateError. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no error code';
  if ('code' in error && typeof error.code === 'string' && error.code !== '') return error.code;
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return error.cause === undefined ? error.name : codeOf(error.cause);
}
