import { BrokerError } from '@understudy/contracts';
import { mismatch } from '../accept-job.ts';
import type { ApiApp, ApiParts } from '../api-parts.ts';
import { idempotentRequest } from '../idempotent-request.ts';
import type { Project } from '../projects.ts';
import { instant } from '../render-attempt.ts';
import {
  newProjectSchema,
  projectListSchema,
  projectViewSchema,
} from '../schemas/admin-schemas.ts';
import { answers } from '../schemas/answers.ts';

export function addAdminProjectRoutes(app: ApiApp, { projects }: ApiParts): void {
  app.post(
    '/v1/admin/projects',
    {
      config: { scope: 'admin' },
      schema: {
        summary: 'Makes a project: what belongs to it is there for its own keys alone',
        body: newProjectSchema,
        response: answers({ 201: projectViewSchema }, 400, 409, 422),
      },
    },
    async (request, reply) => {
      const { name } = request.body;
      const repeatable = idempotentRequest(request);
      const created = await projects.create(name, repeatable);
      if (created.kind === 'exists') {
        throw new BrokerError('conflict', `the project "${name}" exists`, { param: 'name' });
      }
      if (created.kind === 'repeated') {
        if (created.fingerprint !== repeatable?.fingerprint) throw mismatch();
        reply.header('idempotency-replayed', 'true');
      }
      reply.code(201);
      return renderProject(created.project);
    },
  );

  app.get(
    '/v1/admin/projects',
    {
      config: { scope: 'admin' },
      schema: {
        summary: 'All projects, by name; default is always there',
        response: answers({ 200: projectListSchema }),
      },
    },
    async () => ({ object: 'list', data: (await projects.list()).map(renderProject) }),
  );
}

function renderProject({ name, created_at: createdAt }: Project) {
  return {
    object: 'project' as const,
    name,
    ...(createdAt === undefined ? {} : { created_at: instant(createdAt) }),
  };
}
