import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Logger } from '@understudy/runtime';
import { QuotaExceeded } from '@understudy/limits';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiApp } from '../api-parts.ts';
import { anthropicError } from '../errors/anthropic-error.ts';
import { loggedReason } from '../errors/logged-reason.ts';
import { problemDocument } from '../errors/problem-document.ts';
import { JobNotCompleted } from '../errors/shown-error.ts';
import type { ShownError } from '../errors/shown-error.ts';
import { isAnthropicPath } from '../requests/surfaces.ts';
import { tellPolicies } from './limits.ts';

/** Answers every error as problem+json, or in Anthropic's form on its paths; what is wrong on our side stays in the log. */
export function addProblemDetails(app: ApiApp, logger: Logger): void {
  app.decorateRequest('refusedWith');
  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply, logger));
}

export function sendProblem(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  logger: Logger,
): FastifyReply {
  const reason =
    error instanceof JobNotCompleted ? error : ourReason(error, request, reply, logger);
  // The broker has tried everything: a retry would meet the same end.
  if (error instanceof JobNotCompleted) reply.header('x-should-retry', 'false');
  const [path = ''] = request.url.split('?', 1);
  if (isAnthropicPath(path)) {
    return reply
      .code(reason.status)
      .header('content-type', 'application/json')
      .serializer(JSON.stringify)
      .send(anthropicError(reason, request.id));
  }
  // The content type would otherwise be that of what the route was about to send.
  return reply
    .code(reason.status)
    .header('content-type', 'application/problem+json')
    .serializer(JSON.stringify)
    .send(problemDocument(reason, path));
}

function ourReason(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  logger: Logger,
): ShownError {
  const reason = loggedReason(error, request.id, logger);
  request.refusedWith = reason.code;
  if (reason.retryAfterSeconds !== undefined) {
    reply.header('retry-after', String(reason.retryAfterSeconds));
  }
  if (reason.code === 'unauthenticated') reply.header('www-authenticate', 'Bearer');
  // The same request would meet the same answer: SDKs that retry by themselves shall not.
  if (reason.code === 'idempotency_mismatch') reply.header('x-should-retry', 'false');
  if (reason instanceof QuotaExceeded) {
    tellPolicies(reply, reason.violated);
    if (!reason.isBrief) reply.header('x-should-retry', 'false');
  }
  return reason;
}

/** What is no HTTP, or too slow, or has too large headers, never becomes a request. */
export function answerBrokenConnection(
  error: Error & { code?: string },
  socket: Socket,
  requestId: string,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = brokenStatus(error.code);
  const text = STATUS_CODES[status] ?? '';
  const code = 'invalid_request';
  const message = `the request could not be read: ${text}`;
  const body = JSON.stringify(problemDocument({ code, status, message, param: undefined }, ''));
  socket.end(
    `HTTP/1.1 ${status} ${text}\r\ncontent-type: application/problem+json\r\n` +
      `x-request-id: ${requestId}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n` +
      `connection: close\r\n\r\n${body}`,
  );
}

function brokenStatus(code: string | undefined): number {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 408;
  return code === 'HPE_HEADER_OVERFLOW' ? 431 : 400;
}
