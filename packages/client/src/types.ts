import type { paths } from './openapi.ts';

type Json<Message> = Message extends { content: { 'application/json': infer Body } } ? Body : never;
type Answer<Operation, Status extends number> = Operation extends {
  responses: Record<Status, infer Response>;
}
  ? Json<Response>
  : never;
type Asked<Operation> = Operation extends { requestBody?: infer Body }
  ? Json<NonNullable<Body>>
  : never;

/** What is submitted: an endpoint, that vendor's own request, and how the broker shall treat it. */
export type NewJob = Asked<paths['/v1/jobs']['post']>;
/** With its attempts, and its result or error once it has ended. */
export type Job = Answer<paths['/v1/jobs/{id}']['get'], 200>;
type JobPage = Answer<paths['/v1/jobs']['get'], 200>;
/** A job as lists show it. */
export type JobSummary = JobPage['data'][number];
export type JobStatus = Job['status'];
export type JobFilter = Omit<
  NonNullable<paths['/v1/jobs']['get']['parameters']['query']>,
  'after' | 'limit'
>;

/** How many jobs fit, and how they divide. */
export type JobFacets = Answer<paths['/v1/jobs/facets']['get'], 200>;
export type JobFacetFilter = NonNullable<paths['/v1/jobs/facets']['get']['parameters']['query']>;
/** Which jobs to cancel or to retry, and how many at a time. */
export type BulkRequest = Asked<paths['/v1/jobs/cancel']['post']>;
export type BulkResult = Answer<paths['/v1/jobs/cancel']['post'], 200>;

export type Route = Answer<paths['/v1/routes']['get'], 200>['data'][number];
/** The targets a job would visit now, and why one would be passed over. */
export type ExplainedRoute = Answer<paths['/v1/routes/{model}']['get'], 200>;
export type Endpoint = Job['endpoint'];
export type Provider = Answer<paths['/v1/providers']['get'], 200>['data'][number];
export type Statistics = Answer<paths['/v1/statistics']['get'], 200>;
export type StatisticsRange = NonNullable<paths['/v1/statistics']['get']['parameters']['query']>;
export type Model = Answer<paths['/v1/models']['get'], 200>['data'][number];

type Endpoints = paths['/v1/webhooks/endpoints'];
type OneEndpoint = paths['/v1/webhooks/endpoints/{id}'];
export type NewWebhookEndpoint = Asked<Endpoints['post']>;
export type WebhookEndpointChange = Asked<OneEndpoint['patch']>;
export type WebhookEndpoint = Answer<Endpoints['get'], 200>['data'][number];
/** One alone also tells how its deliveries stand. */
export type WebhookEndpointDetail = Answer<OneEndpoint['get'], 200>;
/** The secret is told once. */
export type WebhookEndpointWithSecret = Answer<Endpoints['post'], 201>;
export type WebhookRotation = NonNullable<
  Asked<paths['/v1/webhooks/endpoints/{id}/rotate']['post']>
>;
export type WebhookReplay = Asked<paths['/v1/webhooks/endpoints/{id}/redeliver']['post']>;
export type WebhookEventType = NonNullable<NewWebhookEndpoint['events']>[number];

type Deliveries = paths['/v1/webhooks/deliveries']['get'];
export type WebhookDelivery = Answer<Deliveries, 200>['data'][number];
/** With every try. */
export type WebhookDeliveryDetail = Answer<paths['/v1/webhooks/deliveries/{id}']['get'], 200>;
export type WebhookDeliveryFilter = Omit<
  NonNullable<Deliveries['parameters']['query']>,
  'after' | 'limit'
>;

export type NewApiKey = Asked<paths['/v1/admin/keys']['post']>;
/** Without the key itself. */
export type ApiKey = Answer<paths['/v1/admin/keys']['get'], 200>['data'][number];
export type ApiKeyWithText = Answer<paths['/v1/admin/keys']['post'], 201>;
export type Project = Answer<paths['/v1/admin/projects']['get'], 200>['data'][number];
export type LimitsChange = Asked<paths['/v1/admin/projects/{name}']['patch']>['limits'];
/** What a project or a key may do at most. */
export type Limits = NonNullable<Project['limits']>;

type FilePage = Answer<paths['/v1/files']['get'], 200>;
/** As OpenAI's API shows it; instants are seconds since the epoch. */
export type FileObject = FilePage['data'][number];

export type NewBatch = Omit<Asked<paths['/v1/batches']['post']>, 'completion_window'> & {
  /** `24h` unless told; from `1h` to `7d`. */
  completion_window?: string;
};
/** As OpenAI's API shows it; instants are seconds since the epoch. */
export type Batch = Answer<paths['/v1/batches/{id}']['get'], 200>;
export type BatchStatus = Batch['status'];
