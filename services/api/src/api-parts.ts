import type { Admission, OpenDispatch } from '@understudy/dispatch';
import type { WebhookStore } from '@understudy/webhooks';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { ApiKeys, Scope } from './api-keys.ts';
import type { ChangeSource, LongPolls } from './long-polls.ts';
import type { OpenStreams } from './open-streams.ts';
import type { ProjectEvents } from './project-events.ts';
import type { Readiness } from './readiness.ts';

/** What the routes need; made by whoever starts the service, and closed by it. */
export interface ApiParts {
  dispatch: OpenDispatch;
  keys: ApiKeys;
  longPolls: LongPolls;
  /** Tells of every change of every job. */
  changes: ChangeSource;
  openStreams: OpenStreams;
  projectEvents: ProjectEvents;
  readiness: Readiness;
  admission: Admission;
  webhooks: WebhookStore;
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
  }
  interface FastifyRequest {
    /** The project of the caller's key; every look-up is made in it. */
    project: string;
    /** The JSON body as it came. */
    receivedBody: Buffer | undefined;
  }
}
