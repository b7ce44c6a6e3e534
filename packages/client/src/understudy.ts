import { anySignal } from './any-signal.ts';
import { createBatches } from './batches.ts';
import type { Batches } from './batches.ts';
import { answered, byId, openConnection } from './connection.ts';
import type { Connection } from './connection.ts';
import { createFiles } from './files.ts';
import type { Files } from './files.ts';
import { createKeys } from './keys.ts';
import type { Keys } from './keys.ts';
import { findBroker } from './find-broker.ts';
import { listen } from './listen.ts';
import type { HeardEvent, ListenOptions } from './listen.ts';
import { itemsOf } from './pages.ts';
import { createProjects } from './projects.ts';
import type { Projects } from './projects.ts';
import { createProviderControls } from './provider-controls.ts';
import type { ProviderControls } from './provider-controls.ts';
import { submitMany } from './submit-many.ts';
import type { JobOutcome, SubmitManyOptions } from './submit-many.ts';
import type {
  BulkRequest,
  BulkResult,
  Endpoint,
  ExplainedRoute,
  Job,
  JobFacetFilter,
  JobFacets,
  JobFilter,
  JobSummary,
  Model,
  NewJob,
  Provider,
  Route,
  Statistics,
  StatisticsRange,
} from './types.ts';
import { waitForJob } from './wait-for-job.ts';
import type { JobWaitOptions } from './wait-for-job.ts';
import { createWebhooks } from './webhooks.ts';
import type { Webhooks } from './webhooks.ts';

export interface UnderstudyOptions {
  /** Of the broker; `UNDERSTUDY_URL` or `http://127.0.0.1:8080` unless told. */
  baseUrl?: string | undefined;
  /** `UNDERSTUDY_API_KEY` unless told. */
  apiKey?: string | undefined;
  /**
   * Acted in instead of the key's own; needs a key with the scope `admin`. `*` reads of all projects:
   * jobs, facets, batches, deliveries, statistics, events; every other call is refused with it.
   */
  project?: string | undefined;
  /** The global one unless told. */
  fetch?: ((request: Request) => Promise<Response>) | undefined;
  /** How long a call is tried again while the broker is away or busy; a minute unless told. */
  retryForMs?: number | undefined;
  /** Ends every call, with its reason: those that run, their pauses between tries, and later ones. */
  signal?: AbortSignal | undefined;
}

export interface SubmitOptions {
  /** Submitting twice under one key makes one job. One of its own for each call where absent. */
  idempotencyKey?: string | undefined;
  /** Seconds, up to 55, for which the answer waits for the job's end. */
  wait?: number | undefined;
  signal?: AbortSignal | undefined;
}

const RETRY_FOR_MS = 60_000;
const PAGE_LIMIT = 100;

/**
 * A broker, seen by one of its keys. Every method tries again while the broker is away, restarts or
 * asks to be left alone, makes nothing twice by that, and throws an `UnderstudyError` for what the
 * broker refuses.
 */
export class Understudy {
  readonly files: Files;
  readonly batches: Batches;
  readonly webhooks: Webhooks;
  /** Needs a key with the scope `admin`. */
  readonly keys: Keys;
  /** Needs a key with the scope `admin`. */
  readonly projects: Projects;
  /** Needs a key with the scope `admin`. */
  readonly providerControls: ProviderControls;
  readonly #connection: Connection;

  constructor(options: UnderstudyOptions = {}) {
    this.#connection = openConnection({
      ...findBroker(options),
      fetch: options.fetch ?? ((request) => fetch(request)),
      retryForMs: options.retryForMs ?? RETRY_FOR_MS,
      random: Math.random,
      signal: options.signal,
    });
    this.files = createFiles(this.#connection);
    this.batches = createBatches(this.#connection);
    this.webhooks = createWebhooks(this.#connection);
    this.keys = createKeys(this.#connection);
    this.projects = createProjects(this.#connection);
    this.providerControls = createProviderControls(this.#connection);
  }

  /** Hands a job over. When this resolves the broker keeps it, whatever happens. */
  async submit(job: NewJob, options: SubmitOptions = {}): Promise<Job> {
    const { idempotencyKey = crypto.randomUUID(), wait, signal } = options;
    return answered(
      await this.#connection.api.POST('/v1/jobs', {
        body: job,
        headers: {
          'idempotency-key': idempotencyKey,
          ...(wait === undefined ? {} : { prefer: `wait=${wait}` }),
        },
        ...(signal === undefined ? {} : { signal }),
      }),
    );
  }

  async get(id: string): Promise<Job> {
    return answered(await this.#connection.api.GET('/v1/jobs/{id}', byId(id)));
  }

  /**
   * Resolves once the job has ended, however it did: look at `status`.
   * @throws UnderstudyError `timeout` when it has not ended in time; it goes on all the same
   */
  async wait(id: string, options?: JobWaitOptions): Promise<Job> {
    return waitForJob(this.#connection, id, options);
  }

  /** A job that has ended stays as it is. */
  async cancel(id: string): Promise<Job> {
    return answered(await this.#connection.api.POST('/v1/jobs/{id}/cancel', byId(id)));
  }

  /** Submits a job that has ended once more, as a new one. */
  async retry(id: string): Promise<Job> {
    return answered(await this.#connection.api.POST('/v1/jobs/{id}/retry', byId(id)));
  }

  /** Erases a job that has ended, with its request and its answer. */
  async delete(id: string): Promise<void> {
    await this.#connection.api.DELETE('/v1/jobs/{id}', byId(id));
  }

  /** Newest first, for as long as one asks for more. */
  list(filter: JobFilter = {}): AsyncGenerator<JobSummary, void, undefined> {
    return itemsOf(async (after) => {
      const query = { ...filter, limit: PAGE_LIMIT, ...(after === undefined ? {} : { after }) };
      return answered(await this.#connection.api.GET('/v1/jobs', { params: { query } }));
    });
  }

  /** How many jobs fit a filter, by status, route, model, provider and error. */
  async facets(filter: JobFacetFilter = {}): Promise<JobFacets> {
    const query = { params: { query: filter } };
    return answered(await this.#connection.api.GET('/v1/jobs/facets', query));
  }

  /**
   * Cancels jobs that fit a filter and have not ended, some at a time: go on with `next_after`
   * while there is more.
   */
  async cancelMany(request: BulkRequest): Promise<BulkResult> {
    return answered(await this.#connection.api.POST('/v1/jobs/cancel', { body: request }));
  }

  /**
   * Makes new jobs from those that fit a filter and have ended, some at a time. Under one key none
   * is made twice from the same job, however often this is called.
   */
  async retryMany(
    request: BulkRequest,
    idempotencyKey: string = crypto.randomUUID(),
  ): Promise<BulkResult> {
    const headers = { 'idempotency-key': idempotencyKey };
    return answered(await this.#connection.api.POST('/v1/jobs/retry', { body: request, headers }));
  }

  /** What becomes of one job, or of all of the project. Connects again by itself. */
  events(options?: ListenOptions): AsyncGenerator<HeardEvent, void, undefined> {
    return listen(this.#connection, options);
  }

  /** Submits jobs and hands out how they ended, in the order in which they do. */
  submitMany(
    jobs: Iterable<NewJob> | AsyncIterable<NewJob>,
    options: SubmitManyOptions = {},
  ): AsyncGenerator<JobOutcome, void, undefined> {
    const ends = anySignal(this.#connection.signal, options.signal);
    const run = async (job: NewJob, idempotencyKey: string, signal: AbortSignal): Promise<Job> => {
      const { id } = await this.submit(job, { idempotencyKey, signal });
      return this.wait(id, { signal });
    };
    return submitMany(jobs, run, { ...options, signal: ends });
  }

  async routes(): Promise<Route[]> {
    return answered(await this.#connection.api.GET('/v1/routes')).data;
  }

  /**
   * Which targets a job for this model would visit now, without a call.
   * @param without names of providers: as if these were down
   */
  async explain(
    model: string,
    endpoint?: Endpoint,
    without: readonly string[] = [],
  ): Promise<ExplainedRoute> {
    const query = {
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(without.length === 0 ? {} : { without: without.join(',') }),
    };
    return answered(
      await this.#connection.api.GET('/v1/routes/{model}', { params: { path: { model }, query } }),
    );
  }

  async providers(): Promise<Provider[]> {
    return answered(await this.#connection.api.GET('/v1/providers')).data;
  }

  /** What became of jobs and calls, by minute or hour; of the last hour unless told. */
  async statistics(query: StatisticsRange = {}): Promise<Statistics> {
    return answered(await this.#connection.api.GET('/v1/statistics', { params: { query } }));
  }

  async models(): Promise<Model[]> {
    return answered(await this.#connection.api.GET('/v1/models')).data;
  }
}
