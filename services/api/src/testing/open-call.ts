import { jobIdOfKey } from '@understudy/submission';
import { expect } from 'vitest';
import type { TestApi } from './start-test-api.ts';

export interface OpenCall {
  /** Of the job that the call waits for. */
  id: string;
  answer: Promise<Response>;
}

/** Posts and resolves once the call waits for its job. */
export async function openCall(
  api: TestApi,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<OpenCall> {
  const key = `call-${Math.random()}`;
  const waiting = api.parts.longPolls.waiting();
  const answer = api.call(path, {
    method: 'POST',
    body,
    headers: { 'idempotency-key': key, ...headers },
    ...(signal === undefined ? {} : { signal }),
  });
  await expect.poll(() => api.parts.longPolls.waiting()).toBe(waiting + 1);
  return { id: jobIdOfKey('default', key), answer };
}
