import { holdersOf } from '@understudy/limits';
import type { Use } from '@understudy/limits';
import { projectRule } from '@understudy/routing';
import { renderUse } from '../answers/render-use.ts';
import type { ApiApp, ApiParts } from '../api-parts.ts';
import { answers } from '../schemas/answers.ts';
import { limitsViewSchema } from '../schemas/limit-schemas.ts';

export function addLimitsRoute(app: ApiApp, { dispatch, limits }: ApiParts): void {
  app.get(
    '/v1/limits',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'What the project and the key that asks may do at most, and what they have used',
        response: answers({ 200: limitsViewSchema }),
      },
    },
    async ({ caller }) => {
      const { project, key = '', keyLimits = {} } = caller;
      const { settings } = dispatch.views();
      const { projects } = settings;
      const providers = projectRule(project, settings);
      const [own, ofKey] = await limits.use(
        project,
        holdersOf(caller, projects),
        dispatch.clock.now(),
      );
      return {
        object: 'limits' as const,
        project: {
          name: project,
          limits: projects[project] ?? {},
          ...(providers === undefined ? {} : { providers }),
          use: renderUse(own ?? NOTHING_USED),
        },
        key: { id: key, limits: keyLimits, use: renderUse(ofKey ?? NOTHING_USED) },
      };
    },
  );
}

const NOTHING_USED: Use = { bytesStored: 0, spentToday: 0 };
