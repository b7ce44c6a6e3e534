import type { BatchStore } from '@understudy/batch-store';
import type { Admission, OpenDispatch } from '@understudy/dispatch';
import type { FileStore } from '@understudy/file-store';
import type { Caller, LimitCounters } from '@understudy/limits';
import type { WebhookStore } from '@understudy/webhooks';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { ApiKeys } from './api-keys.ts';
import type { ChangeSource, LongPolls } from './long-polls.ts';
import type { OpenStreams } from './open-streams.ts';
import type { ProjectEvents } from './project-events.ts';
import type { Projects } from './projects.ts';
import type { Readiness } from './readiness.ts';
import type { Rejoin } from './rejoin.ts';
import type { Scope } from './stored-key.ts';

/** What the routes need; made by whoever starts the service, and closed by it. */
export interface ApiParts {
  dispatch: OpenDispatch;
  keys: ApiKeys;
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
    /** What a key must allow; `admin` where a route does not say. */
    scope?: Scope;
    /** Makes jobs or files: the limits of project and key hold there. */
    makesWork?: boolean;
  }
  interface FastifyRequest {
    /** The project of the caller's key; every look-up is made in it. */
    project: string;
    /** The key, with what limits it. Of a public route there is none. */
    caller: Caller;
    /** The JSON body as it came. */
    receivedBody: Buffer | undefined;
  }
}
