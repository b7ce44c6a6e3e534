import { createHash } from 'node:crypto';
import { SCHEMA_VERSION } from '@understudy/contracts';
import type { z } from 'zod';
import { deliverySchema, endpointWithSecretSchema } from '../schemas/webhook-schemas.ts';
import type { TestApi } from './start-test-api.ts';

/** Reads an answer by its schema, and fails with the text of one that has another status. */
export async function answerOf<Schema extends z.ZodType>(
  response: Response,
  status: number,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const text = await response.text();
  if (response.status !== status) throw new Error(`${response.status}: ${text}`);
  return schema.parse(JSON.parse(text));
}

/** Registers an endpoint at a public address that nothing is sent to in these tests. */
export async function register(api: TestApi, more: Record<string, unknown> = {}) {
  const body = { url: 'https://hooks.example.com/in', ...more };
  const response = await api.call('/v1/webhooks/endpoints', { method: 'POST', body });
  return answerOf(response, 201, endpointWithSecretSchema);
}

/** Has a test event made for an endpoint. */
export async function makeDelivery(api: TestApi, endpoint: string, type?: string) {
  const response = await api.call(`/v1/webhooks/endpoints/${endpoint}/test`, {
    method: 'POST',
    ...(type === undefined ? {} : { body: { type } }),
  });
  return answerOf(response, 202, deliverySchema);
}

/** Makes a key of another project, or of other scopes, as an administrator would. */
export async function makeKey(
  { dispatch }: TestApi,
  key: string,
  project: string,
  scopes: readonly string[] = ['submit', 'read', 'admin'],
): Promise<{ 'x-api-key': string }> {
  const hash = createHash('sha256').update(key).digest('hex');
  await dispatch.redis.set(
    `${dispatch.keyPrefix}:{api-keys}:key:${hash}`,
    JSON.stringify({ v: SCHEMA_VERSION, project, scopes, source: 'test' }),
  );
  return { 'x-api-key': key };
}
