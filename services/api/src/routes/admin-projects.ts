import { BrokerError } from '@understudy/contracts';
import { holdersOf } from '@understudy/limits';
import { projectRule } from '@understudy/routing';
import { instant } from '../answers/instant.ts';
import { renderUse } from '../answers/render-use.ts';
import type { ApiApp, ApiParts } from '../api-parts.ts';
import { idempotentRequest } from '../keys/idempotent-request.ts';
import type { Project } from '../keys/projects.ts';
import { mismatch } from '../requests/idempotency-key.ts';
import {
  newProjectSchema,
  projectChangeSchema,
  projectParametersSchema,
  projectListSchema,
  projectQuerySchema,
  projectViewSchema,
} from '../schemas/admin-schemas.ts';
import { answers } from '../schemas/answers.ts';

export function addAdminProjectRoutes(app: ApiApp, parts: ApiParts): void {
  const { projects, dispatch } = parts;
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
        summary: 'Projects by name; default is always there, before all others',
        querystring: projectQuerySchema,
        response: answers({ 200: projectListSchema }, 400),
      },
    },
    async ({ query }) => {
      const page = await projects.list(query);
      const last = page.projects.at(-1);
      return {
        object: 'list',
        data: await Promise.all(page.projects.map((project) => withUse(parts, project))),
        has_more: page.hasMore,
        ...(page.hasMore && last !== undefined ? { next_after: last.name } : {}),
      };
    },
  );

  app.patch(
    '/v1/admin/projects/:name',
    {
      config: { scope: 'admin' },
      schema: {
        summary: 'Changes the limits of a project: within a second they hold everywhere',
        params: projectParametersSchema,
        body: projectChangeSchema,
        response: answers({ 200: projectViewSchema }, 400, 404, 409),
      },
    },
    async ({ params: { name }, body }) => {
      const project = await projects.find(name);
      if (project === undefined) {
        throw new BrokerError(
          'not_found',
          'there is no project of this name; see GET /v1/admin/projects',
        );
      }
      if (isConfigured(parts, name)) {
        throw new BrokerError(
          'conflict',
          `the limits of "${name}" stand in the configuration file; change them there, or take the project out of it`,
        );
      }
      await dispatch.projectLimits.change(name, body.limits);
      dispatch.logger.info({ project: name }, 'the limits of a project were changed');
      return withUse(parts, project);
    },
  );
}

/** Whether the configuration limits a project: what it says goes before what administrators say. */
function isConfigured({ dispatch }: ApiParts, name: string): boolean {
  const limits = dispatch.views().settings.projects[name];
  return limits !== undefined && limits !== dispatch.projectLimits.current()[name];
}

async function withUse({ dispatch, limits }: ApiParts, project: Project) {
  const { settings } = dispatch.views();
  const { projects } = settings;
  const holders = holdersOf({ project: project.name }, projects);
  const [use] = await limits.use(project.name, holders, dispatch.clock.now());
  const own = projects[project.name];
  const providers = projectRule(project.name, settings);
  return {
    ...renderProject(project),
    ...(own === undefined ? {} : { limits: own }),
    ...(providers === undefined ? {} : { providers }),
    ...(use === undefined ? {} : { use: renderUse(use) }),
  };
}

function renderProject({ name, created_at: createdAt }: Project) {
  return {
    object: 'project' as const,
    name,
    ...(createdAt === undefined ? {} : { created_at: instant(createdAt) }),
  };
}
