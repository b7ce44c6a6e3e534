import type { IncomingMessage } from 'node:http';
import { BrokerError, isTerminalBatch } from '@understudy/contracts';
import type { BatchRecord } from '@understudy/contracts';
import { isId } from '@understudy/submission';
import type { FastifyRequest } from 'fastify';
import type { ApiApp, ApiParts } from '../api-parts.ts';
import { acceptMessageBatch } from '../batches/accept-message-batch.ts';
import { batchNotFound } from '../batches/batch-not-found.ts';
import { batchParametersSchema } from '../batches/batch-schemas.ts';
import {
  deletedMessageBatchSchema,
  messageBatchListSchema,
  messageBatchQuerySchema,
  messageBatchSchema,
  newMessageBatchSchema,
} from '../batches/message-batch-schemas.ts';
import { renderMessageBatch } from '../batches/render-message-batch.ts';
import { sendFileContent } from '../files/file-content.ts';
import { publicOrigin } from '../requests/public-origin.ts';
import { ANTHROPIC_PREFIX } from '../requests/surfaces.ts';
import { anthropicAnswers, byteAnswers } from '../schemas/answers.ts';

const PATH = `${ANTHROPIC_PREFIX}/messages/batches`;
const RESULTS_TYPE = 'application/x-jsonl';
const SURFACE = 'anthropic' as const;
const READ = { scope: 'read', surface: SURFACE } as const;
const SUBMIT = { scope: 'submit', surface: SURFACE } as const;

/** Message batches, as Anthropic's SDK knows them. */
export function addMessageBatchRoutes(app: ApiApp, parts: ApiParts): void {
  // A scope of its own, for only here is a JSON body read while it comes.
  app.register(async (scope) => addCreation(scope, parts));
  addReading(app, parts);
  addEnding(app, parts);
}

function addCreation(app: ApiApp, parts: ApiParts): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    async (_request: FastifyRequest, payload: IncomingMessage) => payload,
  );
  app.post(
    PATH,
    {
      config: { ...SUBMIT, makesWork: true },
      // The requests are checked one by one while they come; the schema is for the document.
      validatorCompiler: () => (data: unknown) => ({ value: data }),
      schema: {
        summary: 'Makes a batch of up to 100 000 requests, which come in the body',
        body: newMessageBatchSchema,
        response: anthropicAnswers({ 200: messageBatchSchema }, 400, 410, 413, 415, 422, 429),
      },
    },
    async (request, reply) => {
      const { caller, headers, method, raw } = request;
      const path = request.route.url ?? '';
      try {
        const post = { caller, headers, method, path, body: raw };
        const { batch, replayed } = await acceptMessageBatch(parts, post);
        if (replayed) reply.header('idempotency-replayed', 'true');
        reply.header('location', `${PATH}/${batch.request.id}`);
        return renderMessageBatch(batch, publicOrigin(request, parts.dispatch.views().settings));
      } catch (error) {
        // What is not read any more would hold the connection, and the answer with it.
        raw.resume();
        throw error;
      }
    },
  );
}

function addReading(app: ApiApp, { batches, dispatch, files }: ApiParts): void {
  app.get(
    PATH,
    {
      config: READ,
      schema: {
        summary: 'Message batches of the project, newest first',
        querystring: messageBatchQuerySchema,
        response: anthropicAnswers({ 200: messageBatchListSchema }, 400),
      },
    },
    async (request) => {
      const { after_id: after, before_id: before, limit } = request.query;
      const page = await batches.list(request.project, {
        surface: SURFACE,
        limit,
        ...(after === undefined ? {} : { after }),
        ...(before === undefined ? {} : { before }),
      });
      const origin = publicOrigin(request, dispatch.views().settings);
      const data = page.batches.map((batch) => renderMessageBatch(batch, origin));
      return {
        data,
        has_more: page.hasMore,
        first_id: data[0]?.id ?? null,
        last_id: data.at(-1)?.id ?? null,
      };
    },
  );

  app.get(
    `${PATH}/:id`,
    {
      config: READ,
      schema: {
        summary: 'A message batch',
        params: batchParametersSchema,
        response: anthropicAnswers({ 200: messageBatchSchema }, 404),
      },
    },
    async (request) =>
      renderMessageBatch(
        await read(request.project, request.params.id),
        publicOrigin(request, dispatch.views().settings),
      ),
  );

  app.get(
    `${PATH}/:id/results`,
    {
      config: { ...READ, content: true },
      exposeHeadRoute: false,
      schema: {
        summary: 'One line for each request that has ended, while the batch runs those so far',
        params: batchParametersSchema,
        response: { ...anthropicAnswers({}, 404), ...byteAnswers(RESULTS_TYPE) },
      },
    },
    async ({ project, params: { id }, headers: { range } }, reply) => {
      const { outputFileId: output } = await read(project, id);
      const file = output === undefined ? undefined : await files.open(project, output);
      if (file === undefined) throw noResults(id);
      return sendFileContent(reply, file, RESULTS_TYPE, range);
    },
  );

  async function read(project: string, id: string): Promise<BatchRecord> {
    const batch = isMessageBatchId(id) ? await batches.read(project, id) : undefined;
    if (batch === undefined) throw batchNotFound();
    return batch;
  }
}

function addEnding(app: ApiApp, { batches, dispatch, files }: ApiParts): void {
  app.post(
    `${PATH}/:id/cancel`,
    {
      config: SUBMIT,
      schema: {
        summary: 'Stops a message batch; what was answered stays. Safe to repeat',
        params: batchParametersSchema,
        response: anthropicAnswers({ 200: messageBatchSchema }, 404),
      },
    },
    async (request) => {
      const { project, params } = request;
      const batch = isMessageBatchId(params.id)
        ? await batches.cancel(project, params.id, dispatch.clock.now())
        : undefined;
      if (batch === undefined) throw batchNotFound();
      return renderMessageBatch(batch, publicOrigin(request, dispatch.views().settings));
    },
  );

  app.delete(
    `${PATH}/:id`,
    {
      config: SUBMIT,
      schema: {
        summary: 'Removes a message batch that has ended, with its requests and results',
        params: batchParametersSchema,
        response: anthropicAnswers({ 200: deletedMessageBatchSchema }, 400, 404, 409),
      },
    },
    async ({ project, params: { id } }) => {
      const batch = isMessageBatchId(id) ? await batches.read(project, id) : undefined;
      if (batch === undefined) throw batchNotFound();
      const outcome = await batches.remove(project, id);
      if (outcome === 'running') throw stillRunning(batch);
      const { request, outputFileId, errorFileId } = batch;
      for (const file of [request.input_file_id, outputFileId, errorFileId]) {
        if (file !== undefined) await files.remove(project, file);
      }
      return { id, type: 'message_batch_deleted' as const };
    },
  );
}

function isMessageBatchId(id: string): boolean {
  return isId('msgbatch_', id);
}

function noResults(id: string): BrokerError {
  return new BrokerError('not_found', `${id} has no results yet, or they are no longer kept`);
}

/** Not 409, which SDKs repeat by themselves; but once it has ended, that is what is wanted. */
function stillRunning({ request: { id }, status }: BatchRecord): BrokerError {
  return isTerminalBatch(status)
    ? new BrokerError('conflict', `of the end of ${id} somebody is still told; ask again`, {
        retryAfterSeconds: 1,
      })
    : new BrokerError('invalid_request', `${id} has not ended; cancel it first`);
}
