import { UnderstudyError, errorOf } from '@understudy/client';
import createClient from 'openapi-fetch';
import type { Client } from 'openapi-fetch';
import { currentSession, signOut } from '../session/session-store.ts';
import type { Who } from '../session/session-store.ts';
import type { ConsolePaths } from './contract.ts';
import { projectHeader } from './project-header.ts';

export type Api = Client<ConsolePaths, 'application/json'>;

/**
 * Calls with this key. A refusal, and no answer at all, is thrown.
 * @param project that the calls act on, where it is not the one of the session
 */
export function openApi(key: string, project?: string): Api {
  return createClient<ConsolePaths, 'application/json'>({
    baseUrl: location.origin,
    fetch: (request) => send(withKey(request, key, project)),
  });
}

/** Calls of the session. @param project of the thing that is asked for, where it is known */
export function sessionApi(who: Who, project?: string): Api {
  return openApi(who.key, project);
}

export function withKey(request: Request, key: string, project: string | undefined): Request {
  request.headers.set('authorization', `Bearer ${key}`);
  const acting = projectHeader(request, currentSession().who, project);
  if (acting !== undefined) request.headers.set('understudy-project', acting);
  return request;
}

/** @throws UnderstudyError with what the broker's problem document says */
export async function send(request: Request): Promise<Response> {
  const response = await fetch(request).catch((cause: unknown) => {
    if (request.signal.aborted) throw cause;
    throw new UnderstudyError('The broker does not answer; is it running?', {
      code: 'connection_failed',
      cause,
    });
  });
  if (response.ok) return response;
  const error = await errorOf(response, Date.now());
  if (response.status === 401 && currentSession().who !== undefined) {
    signOut('The broker no longer knows this key.');
  }
  throw error;
}

/** The JSON of an answer. */
export async function ask<Data>(answer: Promise<{ data?: Data }>): Promise<Data> {
  const { data } = await answer;
  if (data === undefined) throw new TypeError('the broker answered without a body');
  return data;
}
