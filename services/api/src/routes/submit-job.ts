import { isTerminal } from '@understudy/contracts';
import { topLevelMembers } from '@understudy/provider';
import { submitSchema } from '@understudy/submission';
import type { ApiApp, ApiParts } from '../api-parts.ts';
import { acceptJob } from '../jobs/accept-job.ts';
import { POLL_AFTER_SECONDS, callerGone, sendJob } from '../jobs/send-job.ts';
import { preferredWaitSeconds } from '../requests/prefer-header.ts';
import { answers } from '../schemas/answers.ts';
import { jobSchema } from '../schemas/job-schemas.ts';

export function addSubmitRoute(app: ApiApp, parts: ApiParts): void {
  const { dispatch, longPolls } = parts;
  const { store } = dispatch;

  app.post(
    '/v1/jobs',
    {
      config: { scope: 'submit', makesWork: true },
      schema: {
        summary: 'Accepts a job; with Prefer: wait=N answers with its end if that comes in time',
        body: submitSchema,
        response: answers(
          { 200: jobSchema, 202: jobSchema },
          400,
          403,
          404,
          410,
          413,
          415,
          422,
          429,
        ),
      },
    },
    async (request, reply) => {
      const { caller, mayReadContent, headers, method } = request;
      const received = request.receivedBody ?? Buffer.alloc(0);
      const accepted = await acceptJob(parts, {
        caller,
        mayReadContent,
        submission: request.body,
        content: request.body,
        received,
        body: innerBody(received),
        method,
        path: request.route.url ?? '',
        headers,
      });
      const seconds = preferredWaitSeconds(headers.prefer);
      reply.header('vary', 'Prefer');
      if (accepted.replayed) reply.header('idempotency-replayed', 'true');
      if (seconds > 0) reply.header('preference-applied', `wait=${seconds}`);
      const stored =
        seconds > 0
          ? await longPolls.waitForEnd(accepted.job, seconds * 1000, callerGone(reply))
          : (accepted.created ?? (await store.read(accepted.job)));
      const ended = stored !== undefined && isTerminal(stored.record.status);
      if (seconds > 0 && ended) reply.code(200);
      else reply.code(202).header('retry-after', String(POLL_AFTER_SECONDS));
      // Whoever asks and waits gets the answer. It is not returned: Fastify would listen for the end of
      // its last byte.
      await sendJob(reply, parts, stored, { showsContent: true });
    },
  );
}

/** The bytes of the member `body`, as they came. */
function innerBody(received: Buffer): Buffer {
  const range = topLevelMembers(received).get('body');
  if (range === undefined) throw new Error('a validated submit has no member "body"');
  return received.subarray(range.start, range.end);
}
