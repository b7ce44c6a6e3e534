import { z } from 'zod';
import { newKeyViewSchema } from '../schemas/admin-schemas.ts';
import type { TestApi } from './start-test-api.ts';
import { answerOf } from './webhook-calls.ts';

const madeProjectSchema = z.object({ object: z.literal('project'), name: z.string() });

/** Makes a project as an administrator does. */
export async function makeProject(api: TestApi, name: string): Promise<void> {
  const response = await api.call('/v1/admin/projects', { method: 'POST', body: { name } });
  await answerOf(response, 201, madeProjectSchema);
}

/** Makes a key as an administrator does; of `default` with all scopes unless told. */
export async function issueKey(api: TestApi, wanted: Record<string, unknown> = {}) {
  const body = { project: 'default', scopes: ['submit', 'read', 'admin'], ...wanted };
  const response = await api.call('/v1/admin/keys', { method: 'POST', body });
  const made = await answerOf(response, 201, newKeyViewSchema);
  return { ...made, headers: { 'x-api-key': made.key } };
}

export function revokeKey(api: TestApi, id: string): Promise<Response> {
  return api.call(`/v1/admin/keys/${id}`, { method: 'DELETE' });
}
