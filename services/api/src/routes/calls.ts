import type { ApiApp, ApiParts } from '../api-parts.ts';
import { acceptCall } from '../calls/accept-call.ts';
import { answerAsync, answerWhenEnded, nameJob } from '../calls/answer-call.ts';
import { CALL_DOORS } from '../calls/call-door.ts';
import type { CallDoor } from '../calls/call-door.ts';
import { streamWhenEnded } from '../calls/stream-call.ts';
import { prefersAsync } from '../requests/prefer-header.ts';
import { answerBackground } from '../responses/answer-background.ts';
import { anthropicAnswers, answers } from '../schemas/answers.ts';
import { callAnswerSchema, callSchema } from '../schemas/call-schemas.ts';
import { jobSchema } from '../schemas/job-schemas.ts';

/** A waiting connection is silent until the answer comes, and a little longer than that. */
const SILENCE_MARGIN_MS = 75_000;

/** The paths of the vendors' APIs at which one posts a request and waits for the answer. */
export function addCallRoutes(app: ApiApp, parts: ApiParts): void {
  for (const door of CALL_DOORS) addCallRoute(app, parts, door);
}

function addCallRoute(app: ApiApp, parts: ApiParts, door: CallDoor): void {
  const { endpoint, surface, streamed } = door;
  const describe = surface === 'anthropic' ? anthropicAnswers : answers;
  app.post(
    door.path,
    {
      config: { scope: 'submit', surface, makesWork: true },
      schema: {
        summary: `${door.summary}; with Prefer: respond-async gives the job`,
        body: callSchema,
        response: describe(
          { 200: callAnswerSchema, 202: jobSchema },
          400,
          403,
          404,
          409,
          410,
          413,
          415,
          422,
          429,
          502,
          504,
        ),
      },
    },
    async (request, reply) => {
      const { stream, background, stream_options: options } = request.body;
      const { prefer } = request.headers;
      if (background === true && endpoint === '/v1/responses') {
        const accepted = await acceptCall(parts, door, request, { background });
        nameJob(reply, accepted);
        return answerBackground(request, reply, accepted, parts);
      }
      if (prefersAsync(prefer)) {
        const accepted = await acceptCall(parts, door, request, {});
        nameJob(reply, accepted);
        return answerAsync(reply, accepted, parts, prefer);
      }

      const waitMs = parts.dispatch.views().settings.defaults.waitTimeoutMs;
      const accepted = await acceptCall(parts, door, request, { waitMs });
      nameJob(reply, accepted);
      if (stream === true && streamed !== undefined) {
        const includeUsage = options?.include_usage === true;
        return streamWhenEnded(reply, accepted, parts, { dialect: streamed, includeUsage, waitMs });
      }
      // Node gives the connection its usual timeout back once the answer is out.
      request.raw.socket.setTimeout(waitMs + SILENCE_MARGIN_MS);
      return answerWhenEnded(reply, accepted, parts, waitMs);
    },
  );
}
