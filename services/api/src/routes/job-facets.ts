import type { ApiApp, ApiParts } from '../api-parts.ts';
import { countFacets } from '../jobs/job-facets.ts';
import { ALL_PROJECTS, projectsOf } from '../requests/all-projects.ts';
import { answers } from '../schemas/answers.ts';
import { jobFacetQuerySchema, jobFacetsSchema } from '../schemas/job-filter-schemas.ts';

export function addJobFacetsRoute(app: ApiApp, { dispatch }: ApiParts): void {
  app.get(
    '/v1/jobs/facets',
    {
      config: { scope: 'read', allProjects: true },
      schema: {
        summary:
          'How many jobs fit a filter, and how they divide by status, route, provider, error',
        querystring: jobFacetQuerySchema,
        response: answers({ 200: jobFacetsSchema }, 400),
      },
    },
    async ({ project, query }) =>
      countFacets(dispatch, await projectsOf(dispatch, project), query, project === ALL_PROJECTS),
  );
}
