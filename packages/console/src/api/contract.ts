import type { paths } from '@understudy/client/openapi';

type Answered<Operation, Status extends number = 200> = Operation extends {
  responses: Record<Status, { content: { 'application/json': infer Answer } }>;
}
  ? Answer
  : never;
type Asked<Operation> = Operation extends {
  requestBody?: infer Body;
}
  ? NonNullable<Body> extends { content: { 'application/json': infer Json } }
    ? Json
    : never
  : never;

/** Everything the console asks. */
export type ConsolePaths = paths;

/** What the presented key is. */
export type Own = Answered<paths['/v1/key']['get']>;

export type Job = Answered<paths['/v1/jobs/{id}']['get']>;
export type JobPage = Answered<paths['/v1/jobs']['get']>;
/** A job as lists show it. */
export type JobSummary = JobPage['data'][number];
export type Attempt = Job['attempts'][number];
export type JobStatus = Job['status'];
/** A job as it is submitted. */
export type NewJob = Asked<paths['/v1/jobs']['post']>;

/** What a list of jobs can be narrowed down by. */
export type JobQuery = NonNullable<paths['/v1/jobs/facets']['get']['parameters']['query']>;
export type JobFacets = Answered<paths['/v1/jobs/facets']['get']>;
export type FacetName = keyof JobFacets['facets'];
export type FacetValue = JobFacets['facets']['status'][number];

/** As the body of a bulk action has it: metadata as an object. */
export type BulkFilter = Asked<paths['/v1/jobs/retry']['post']>['filter'];
export type BulkResult = Answered<paths['/v1/jobs/retry']['post']>;

export type Statistics = Answered<paths['/v1/statistics']['get']>;
export type Provider = Answered<paths['/v1/providers']['get']>['data'][number];
