import type { BatchStore } from '@understudy/batch-store';
import type { Admission, OpenDispatch } from '@understudy/dispatch';
import type { FileStore } from '@understudy/file-store';
import type { Caller, LimitCounters } from '@understudy/limits';
import type { Metrics } from '@understudy/metrics';
import type { WebhookStore } from '@understudy/webhooks';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { ChangeSource, LongPolls } from './events/long-polls.ts';
import type { OpenStreams } from './events/open-streams.ts';
import type { ProjectEvents } from './events/project-events.ts';
import type { ApiKeys } from './keys/api-keys.ts';
import type { EnvironmentKey } from './keys/environment-key.ts';
import type { Projects } from './keys/projects.ts';
import type { FoundKey, Scope } from './keys/stored-key.ts';
import type { Readiness } from './readiness.ts';
import type { Rejoin } from './requests/rejoin.ts';

/** What the routes need; made by whoever starts the service, and closed by it. */
export interface ApiParts {
  dispatch: OpenDispatch;
  keys: ApiKeys;
  environmentKey: EnvironmentKey;
  projects: Projects;
  longPolls: LongPolls;
  /** Tells of every change of every job. */
  changes: ChangeSource;
  openStreams: OpenStreams;
  projectEvents: ProjectEvents;
  readiness: Readiness;
  admission: Admission;
  webhooks: WebhookStore;
  files: FileStore;
  batches: BatchStore;
  /** Finds what an SDK's retry repeats. */
  rejoin: Rejoin;
  /** What is counted against the limits of projects and keys. */
  limits: LimitCounters;
  /** Absent where metrics are off. */
  metrics?: Metrics;
}

export type ApiApp = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answers without a key. A route that does not say so is closed. */
    public?: boolean;
    /**
     * What a key must allow; `admin` where a route does not say. What needs `read` is open to
     * `admin` as well, which sees everything but content.
     */
    scope?: Scope | 'any';
    /** Gives nothing but content: open to the scope `read` alone. */
    content?: boolean;
    /** Answers for all projects where an administrator asks it to; `project` is `*` then. */
    allProjects?: boolean;
    /** Takes the key as the password of HTTP Basic as well, as browsers ask for one. */
    basic?: boolean;
    /** Makes jobs or files: the limits of project and key hold there. */
    makesWork?: boolean;
  }
  interface FastifyRequest {
    /**
     * Every look-up is made in it: the project of the caller's key, or the one that an administrator
     * names; `ALL_PROJECTS` only on routes that state `allProjects`.
     */
    project: string;
    /** Whether requests, answers and the words of providers may be shown. */
    mayReadContent: boolean;
    /** Whose limits bind what the request makes, and in which project. Of a public route none. */
    caller: Caller;
    /** The key that was presented. Of a public route there is none. */
    credential: FoundKey;
    /** The code of the error that it was answered with, where it was. */
    refusedWith: string | undefined;
    /** The JSON body as it came. */
    receivedBody: Buffer | undefined;
  }
}
