import { SCHEMA_VERSION } from '@understudy/contracts';
import type { z } from 'zod';
import { createKeyHasher } from '../keys/key-hash.ts';
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
export async function register(
  api: TestApi,
  more: Record<string, unknown> = {},
  headers: Record<string, string> = {},
) {
  const body = { url: 'https://hooks.example.com/in', ...more };
  const response = await api.call('/v1/webhooks/endpoints', { method: 'POST', headers, body });
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
  const { redis, keyPrefix, logger } = dispatch;
  const hash = await createKeyHasher(redis, keyPrefix, undefined, logger).hash(key);
  const { selector, verifier } = hash;
  const stored = { v: SCHEMA_VERSION, id: `key_${selector}`, verifier, project, scopes };
  await redis.set(
    `${keyPrefix}:{api-keys}:key:${selector}`,
    JSON.stringify({ ...stored, source: 'test', created_at: 0 }),
  );
  return { 'x-api-key': key };
}
