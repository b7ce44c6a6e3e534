import type { Admission, OpenDispatch } from '@understudy/dispatch';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { ApiKeys, Scope } from './api-keys.ts';
import type { LongPolls } from './long-polls.ts';
import type { Readiness } from './readiness.ts';

/** What the routes need; made by whoever starts the service, and closed by it. */
export interface ApiParts {
  dispatch: OpenDispatch;
  keys: ApiKeys;
  longPolls: LongPolls;
  readiness: Readiness;
  admission: Admission;
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
