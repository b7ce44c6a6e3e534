import type { CallFault } from '@understudy/verdicts';

/** How far a call had come when it broke. */
export interface CallStage {
  /** The request had been given to a connection. */
  sent: boolean;
  /** Status and headers of an answer had come. */
  answering: boolean;
}

const FAULT_BY_CODE: Readonly<Record<string, CallFault>> = {
  UND_ERR_CONNECT_TIMEOUT: 'connect_timeout',
  ETIMEDOUT: 'connect_timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_OVERFLOW: 'invalid_answer',
  UND_ERR_INVALID_ARG: 'not_sent',
  UND_ERR_CLOSED: 'not_sent',
  UND_ERR_DESTROYED: 'not_sent',
  ERR_INVALID_URL: 'not_sent',
};

const REASON_BY_FAULT: Partial<Record<CallFault, string>> = {
  connect: 'could not be reached',
  connect_timeout: 'accepted no connection in time',
  reset: 'closed the connection before it answered',
  timeout: 'gave no complete answer in time',
  invalid_answer: 'answered with something that is no HTTP',
  truncated_answer: 'closed the connection in the middle of its answer',
  not_sent: 'was not called: the request could not be made',
};

/**
 * What an error of the HTTP client means. Its own message is not kept, as it may quote what was
 * sent; the error's code says as much.
 */
export function faultOf(error: unknown, stage: CallStage): { fault: CallFault; reason: string } {
  const code = codeOf(error);
  const fault = faultByCode(code, stage) ?? faultByStage(stage);
  return { fault, reason: `${REASON_BY_FAULT[fault] ?? 'failed'} (${code ?? 'no error code'})` };
}

function faultByCode(code: string | undefined, stage: CallStage): CallFault | undefined {
  if (code === undefined) return undefined;
  // Node's HTTP parser names its complaints HPE_*; a body cut short is one of them.
  if (code.startsWith('HPE_')) return stage.answering ? 'truncated_answer' : 'invalid_answer';
  // An operating system's time-out on an open connection is a broken connection.
  if (code === 'ETIMEDOUT' && stage.sent) return undefined;
  return FAULT_BY_CODE[code];
}

function faultByStage({ sent, answering }: CallStage): CallFault {
  if (!sent) return 'connect';
  return answering ? 'truncated_answer' : 'reset';
}

// Connecting to several addresses of one name fails with an AggregateError around their errors.
function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  // Told by name: undici gives no code where its parser gives none.
  const unparsable = error instanceof Error && error.name === 'HTTPParserError';
  if ('code' in error && typeof error.code === 'string' && error.code !== '') return error.code;
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  if (unparsable) return 'HPE_INVALID';
  return 'cause' in error ? codeOf(error.cause) : undefined;
}
