import { UnderstudyError } from '@understudy/client';
import { z } from 'zod';
import type { Session } from './session.ts';

const TIMEOUT_MS = 30_000;

const problemSchema = z.looseObject({
  detail: z.string().optional(),
  error: z.looseObject({ code: z.string().nullish(), message: z.string().optional() }).optional(),
});

/**
 * A request for which the client has no method. An answer without a body is an empty object.
 * @throws UnderstudyError as the client does; CommandError where no key is known, or none that a
 *   header can carry
 */
export async function ask(
  { access, signal }: Pick<Session, 'access' | 'signal'>,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  idempotencyKey: string = crypto.randomUUID(),
): Promise<Record<string, unknown>> {
  const { baseUrl, apiKey, project } = access();
  let response: Response;
  let text: string;
  try {
    response = await fetch(`${baseUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        ...(project === undefined ? {} : { 'understudy-project': project }),
        ...(method === 'POST' ? { 'idempotency-key': idempotencyKey } : {}),
      },
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    text = await response.text();
  } catch (cause) {
    signal.throwIfAborted();
    throw new UnderstudyError(`the broker at ${baseUrl} cannot be reached; is it running?`, {
      code: 'connection_failed',
      cause,
    });
  }
  const body = readJson(text);
  if (response.ok) return z.record(z.string(), z.unknown()).catch({}).parse(body);
  const problem = problemSchema.safeParse(body).data;
  throw new UnderstudyError(
    problem?.detail ?? problem?.error?.message ?? `the broker answered ${response.status}`,
    {
      code: problem?.error?.code ?? `http_${response.status}`,
      status: response.status,
      requestId: response.headers.get('x-request-id') ?? undefined,
    },
  );
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
