import type { ApiApp } from '../api-parts.ts';
import { ownKeySchema } from '../schemas/admin-schemas.ts';
import { answers } from '../schemas/answers.ts';

/** Lets whoever holds a key see what it is. */
export function addOwnKeyRoute(app: ApiApp): void {
  app.get(
    '/v1/key',
    {
      config: { scope: 'any' },
      schema: {
        summary: 'The key that was sent: its project and what it allows',
        response: answers({ 200: ownKeySchema }),
      },
    },
    async ({ credential: { id, project, scopes, name } }) => ({
      object: 'api_key' as const,
      id,
      project,
      scopes,
      ...(name === undefined ? {} : { name }),
    }),
  );
}
