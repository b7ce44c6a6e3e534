import { BrokerError } from '@understudy/contracts';
import type { ApiApp, ApiParts } from '../api-parts.ts';
import { ENVIRONMENT_KEY_ID } from '../keys/api-keys.ts';
import { idempotentRequest } from '../keys/idempotent-request.ts';
import { makeKey } from '../keys/make-key.ts';
import { renderKey } from '../keys/render-key.ts';
import {
  keyListSchema,
  keyParametersSchema,
  keyQuerySchema,
  newKeySchema,
  newKeyViewSchema,
  revokedKeySchema,
} from '../schemas/admin-schemas.ts';
import { answers } from '../schemas/answers.ts';

export function addAdminKeyRoutes(app: ApiApp, parts: ApiParts): void {
  const { keys, dispatch } = parts;
  const { clock, logger } = dispatch;

  app.post(
    '/v1/admin/keys',
    {
      config: { scope: 'admin' },
      schema: {
        summary: 'Makes a key of a project; its text in the answer is never shown again',
        body: newKeySchema,
        response: answers({ 201: newKeyViewSchema }, 400, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const { key, stored } = await makeKey(parts, request.body, idempotentRequest(request));
      logger.info({ key: stored.id, project: stored.project }, 'an API key was made');
      reply.code(201).header('cache-control', 'no-store');
      return { ...renderKey({ stored }, clock.now()), key };
    },
  );

  app.get(
    '/v1/admin/keys',
    {
      config: { scope: 'admin' },
      schema: {
        summary: 'Keys of one project or of all, newest first; expired ones for 30 days',
        querystring: keyQuerySchema,
        response: answers({ 200: keyListSchema }, 400),
      },
    },
    async ({ query }) => {
      const now = clock.now();
      const page = await keys.managed.list(query);
      return {
        object: 'list',
        data: page.keys.map((key) => renderKey(key, now)),
        has_more: page.next !== undefined,
        ...(page.next === undefined
          ? {}
          : { next_after: `${page.next.createdAt}-${page.next.id}` }),
      };
    },
  );

  app.delete(
    '/v1/admin/keys/:id',
    {
      config: { scope: 'admin' },
      schema: {
        summary: 'Revokes a key: within a second it opens nothing anywhere',
        params: keyParametersSchema,
        response: answers({ 200: revokedKeySchema }, 404, 409),
      },
    },
    async ({ params: { id } }) => {
      if (id === ENVIRONMENT_KEY_ID && keys.hasEnvironmentKey()) {
        throw new BrokerError(
          'conflict',
          'this key comes from UNDERSTUDY_API_KEY and would be back at the next start; change the variable there',
        );
      }
      if (!(await keys.managed.revoke(id))) {
        throw new BrokerError(
          'not_found',
          'there is no API key of this id; see GET /v1/admin/keys',
        );
      }
      logger.info({ key: id }, 'an API key was revoked');
      return { id, object: 'api_key', deleted: true };
    },
  );
}
