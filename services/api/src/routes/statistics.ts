import { BrokerError } from '@understudy/contracts';
import { BUCKETS, readBuckets, summarizeStatistics } from '@understudy/statistics';
import type { Resolution } from '@understudy/statistics';
import { renderStatistics } from '../answers/render-statistics.ts';
import type { ApiApp, ApiParts } from '../api-parts.ts';
import { ALL_PROJECTS } from '../requests/all-projects.ts';
import { answers } from '../schemas/answers.ts';
import { statisticsQuerySchema, statisticsSchema } from '../schemas/statistics-schemas.ts';

/** The last 60 minutes: this one, and 59 before it. */
const DEFAULT_RANGE_MS = 59 * 60_000;

export function addStatisticsRoute(app: ApiApp, { dispatch }: ApiParts): void {
  app.get(
    '/v1/statistics',
    {
      config: { scope: 'read', allProjects: true },
      schema: {
        summary: 'What became of jobs and calls, by minute or hour; a second behind',
        querystring: statisticsQuerySchema,
        response: answers({ 200: statisticsSchema }, 400),
      },
    },
    async ({ project, query: { resolution, ...query } }) => {
      const { redis, keyPrefix, clock } = dispatch;
      const to = query.to === undefined ? clock.now() : Date.parse(query.to);
      const from = query.from === undefined ? to - DEFAULT_RANGE_MS : Date.parse(query.from);
      checkRange(resolution, from, to);
      const range = { resolution, from, to };
      const scope = project === ALL_PROJECTS ? 'all_projects' : { project };
      const buckets = await readBuckets(redis, keyPrefix, scope, range);
      return renderStatistics(summarizeStatistics(buckets), range);
    },
  );
}

/** @throws BrokerError where nothing lies between, or more than is kept */
function checkRange(resolution: Resolution, from: number, to: number): void {
  const { lengthMs, keptMs } = BUCKETS[resolution];
  if (from >= to) {
    throw new BrokerError('invalid_request', 'from is not before to; give an earlier from', {
      param: 'from',
    });
  }
  if (to - from > keptMs) {
    const remedy = resolution === 'minute' ? 'ask for hours, or a shorter range' : 'ask for less';
    throw new BrokerError(
      'invalid_request',
      `from and to are more than ${keptMs / lengthMs} ${resolution}s apart, which is all that is kept; ${remedy}`,
      { param: 'from' },
    );
  }
}
