import { BrokerError, isTerminal } from '@understudy/contracts';
import { endJob } from '@understudy/dispatch';
import type { ApiApp, ApiParts } from '../api-parts.ts';
import { eraseJob } from '../jobs/erase-job.ts';
import { OPENAI_PREFIXES } from '../requests/surfaces.ts';
import { answers } from '../schemas/answers.ts';
import { inputItemPage, inputItems } from './input-items.ts';
import { responseNotFound, responseReference } from './response-reference.ts';
import {
  deletedResponseSchema,
  inputItemListSchema,
  inputItemsQuerySchema,
  responseParametersSchema,
  responseQuerySchema,
  responseSchema,
} from './response-schemas.ts';
import { sendResponse, sendResponseStream } from './send-response.ts';
import { isBackground, readInput, readResponse } from './stored-response.ts';

/** What can be done with a Response that there is; whichever door its job came through. */
export function addResponseRoutes(app: ApiApp, parts: ApiParts): void {
  for (const prefix of OPENAI_PREFIXES) {
    addRetrieveRoute(app, parts, prefix);
    addCancelRoute(app, parts, prefix);
    addDeleteRoute(app, parts, prefix);
    addInputItemsRoute(app, parts, prefix);
  }
}

function addRetrieveRoute(app: ApiApp, parts: ApiParts, prefix: string): void {
  app.get(
    `${prefix}/responses/:id`,
    {
      config: { scope: 'read', content: true, surface: 'openai' },
      exposeHeadRoute: false,
      schema: {
        summary:
          'OpenAI response as it is; with stream=true its events to its end, from the one after starting_after',
        params: responseParametersSchema,
        querystring: responseQuerySchema,
        response: answers({ 200: responseSchema }, 400, 404, 410),
      },
    },
    async (request, reply) => {
      const { stream, starting_after: after } = request.query;
      const job = responseReference(request.project, request.params.id);
      const response = await readResponse(parts.dispatch.store, job);
      if (stream === 'true') return sendResponseStream(reply, parts, job, after);
      return sendResponse(reply, parts, response);
    },
  );
}

function addCancelRoute(app: ApiApp, parts: ApiParts, prefix: string): void {
  const { dispatch } = parts;
  app.post(
    `${prefix}/responses/:id/cancel`,
    {
      config: { scope: 'submit', surface: 'openai' },
      schema: {
        summary:
          'Cancels an OpenAI response in the background; one that has ended stays as it is, and a key without the scope read is not shown its content',
        params: responseParametersSchema,
        response: answers({ 200: responseSchema }, 400, 404, 410),
      },
    },
    async (request, reply) => {
      const job = responseReference(request.project, request.params.id);
      const found = await readResponse(dispatch.store, job);
      if (!isBackground(found)) {
        throw new BrokerError(
          'invalid_request',
          `only a response that was made with "background": true can be cancelled here; ` +
            `for this one there is POST /v1/jobs/${job.id}/cancel`,
          { param: 'id' },
        );
      }
      if (isTerminal(found.stored.record.status)) return sendResponse(reply, parts, found);
      await endJob(dispatch, job, 'cancelled');
      return sendResponse(reply, parts, await readResponse(dispatch.store, job));
    },
  );
}

function addDeleteRoute(app: ApiApp, parts: ApiParts, prefix: string): void {
  app.delete(
    `${prefix}/responses/:id`,
    {
      config: { scope: 'submit', surface: 'openai' },
      schema: {
        summary: 'Erases an OpenAI response that has ended, and its job with it',
        params: responseParametersSchema,
        response: answers({ 200: deletedResponseSchema }, 404, 409),
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const job = responseReference(request.project, id);
      const [record] = await parts.dispatch.store.readRecords([job]);
      if (record?.request.dialect !== 'responses') throw responseNotFound();
      const erasure = await eraseJob(parts, job);
      if (erasure === 'missing') throw responseNotFound();
      if (erasure === 'running') {
        // OpenAI's SDKs would ask again at once.
        reply.header('x-should-retry', 'false');
        throw new BrokerError(
          'conflict',
          'the response has not ended, or is a line of a batch whose file does not have its answer ' +
            `yet; wait, or cancel it first: POST ${prefix}/responses/${id}/cancel`,
        );
      }
      return { id, object: 'response' as const, deleted: true as const };
    },
  );
}

function addInputItemsRoute(app: ApiApp, parts: ApiParts, prefix: string): void {
  const { store } = parts.dispatch;
  app.get(
    `${prefix}/responses/:id/input_items`,
    {
      config: { scope: 'read', content: true, surface: 'openai' },
      schema: {
        summary: 'What an OpenAI response was asked with, latest first unless told otherwise',
        params: responseParametersSchema,
        querystring: inputItemsQuerySchema,
        response: answers({ 200: inputItemListSchema }, 400, 404, 410),
      },
    },
    async ({ project, params, query }) => {
      const job = responseReference(project, params.id);
      const input = await readInput(store, job);
      return inputItemPage(inputItems(input, params.id.slice('resp_'.length)), query);
    },
  );
}
