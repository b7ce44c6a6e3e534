import { BrokerError } from '@understudy/contracts';
import type { BatchRecord } from '@understudy/contracts';
import { isId } from '@understudy/submission';
import { ALL_PROJECTS, projectsOf } from '../requests/all-projects.ts';
import type { ApiApp, ApiParts } from '../api-parts.ts';
import {
  checkBatchOptions,
  createBatch,
  forgetBatchPost,
  identifyBatch,
} from '../batches/accept-batch.ts';
import { batchLifeMs } from '../batches/batch-life.ts';
import {
  batchListSchema,
  batchParametersSchema,
  batchQuerySchema,
  batchSchema,
  newBatchSchema,
} from '../batches/batch-schemas.ts';
import { batchNotFound } from '../batches/batch-not-found.ts';
import { checkInputFile, keepInputFile } from '../batches/check-input-file.ts';
import { listAllBatches } from '../batches/list-all-batches.ts';
import { renderBatch } from '../batches/render-batch.ts';
import { readBrokerHeaders, refuseUnstored } from '../requests/broker-headers.ts';
import { checkRoom } from '../requests/check-room.ts';
import { receivedFingerprint, requestFingerprint } from '../requests/idempotency-key.ts';
import { answers } from '../schemas/answers.ts';
import { OPENAI_PREFIXES } from '../requests/surfaces.ts';

const SURFACE = 'openai' as const;

/** Batches over a file, as OpenAI's SDK knows them. */
export function addBatchRoutes(app: ApiApp, parts: ApiParts): void {
  for (const prefix of OPENAI_PREFIXES) {
    addCreation(app, parts, prefix);
    addReading(app, parts, prefix);
  }
}

function addCreation(app: ApiApp, parts: ApiParts, prefix: string): void {
  app.post(
    `${prefix}/batches`,
    {
      config: { scope: 'submit', surface: SURFACE, makesWork: true },
      schema: {
        summary: 'Makes a batch of the requests in a file; what is wrong with them it tells later',
        body: newBatchSchema,
        response: answers({ 200: batchSchema }, 400, 403, 410, 413, 415, 422, 429),
      },
    },
    async (request, reply) => {
      const { project, caller, headers, method, body } = request;
      const same = {
        method,
        path: request.route.url ?? '',
        headers,
        content: body,
        received: request.receivedBody ?? Buffer.alloc(0),
      };
      const post = {
        caller,
        headers,
        fingerprint: () => requestFingerprint(same),
        receivedFingerprint: () => receivedFingerprint(same),
      };
      const options = readBrokerHeaders(headers);
      refuseUnstored(options);
      const lifeMs = batchLifeMs(options, body.completion_window);
      const identity = await identifyBatch(parts, SURFACE, post);
      const { batch, replayed } =
        identity.existing === undefined
          ? await create().catch(async (error: unknown) => {
              if (error instanceof BrokerError) await forgetBatchPost(parts, post);
              throw error;
            })
          : { batch: identity.existing, replayed: true };
      if (replayed) reply.header('idempotency-replayed', 'true');
      reply.header('location', `${prefix}/batches/${batch.request.id}`);
      return renderBatch(batch);

      async function create() {
        const { settings } = parts.dispatch.views();
        checkBatchOptions(parts, caller, options);
        await checkInputFile(parts.files, project, body.input_file_id, settings.batches);
        await checkRoom(parts, 0);
        // Before the batch is there, so that a crash between leaves none whose input goes.
        await keepInputFile(parts, project, body.input_file_id, lifeMs);
        const seconds = body.output_expires_after?.seconds;
        return createBatch(parts, post, identity, {
          surface: SURFACE,
          endpoint: body.endpoint,
          input_file_id: body.input_file_id,
          output_life_ms: seconds === undefined ? settings.files.retentionMs : seconds * 1000,
          metadata: body.metadata ?? undefined,
          lifeMs,
          options: body.max_cost === undefined ? options : { ...options, maxCost: body.max_cost },
        });
      }
    },
  );
}

function addReading(app: ApiApp, { batches, dispatch }: ApiParts, prefix: string): void {
  app.get(
    `${prefix}/batches`,
    {
      config: { scope: 'read', allProjects: true, surface: SURFACE },
      schema: {
        summary: 'Batches of the project, newest first',
        querystring: batchQuerySchema,
        response: answers({ 200: batchListSchema }, 400),
      },
    },
    async ({ project, query: { after, limit } }) => {
      const isOfAll = project === ALL_PROJECTS;
      const wanted = { surface: SURFACE, limit, ...(after === undefined ? {} : { after }) };
      const page = isOfAll
        ? await listAllBatches(batches, await projectsOf(dispatch, project), wanted)
        : await batches.list(project, wanted);
      const data = page.batches.map((batch) => ({
        ...renderBatch(batch),
        ...(isOfAll ? { project: batch.request.project } : {}),
      }));
      const [first] = data;
      const last = data.at(-1);
      return {
        object: 'list' as const,
        data,
        ...(first === undefined ? {} : { first_id: first.id }),
        ...(last === undefined ? {} : { last_id: last.id }),
        has_more: page.hasMore,
      };
    },
  );

  app.get(
    `${prefix}/batches/:id`,
    {
      config: { scope: 'read', surface: SURFACE },
      schema: {
        summary: 'A batch; counts follow within a second, and are exact at the end',
        params: batchParametersSchema,
        response: answers({ 200: batchSchema }, 404),
      },
    },
    async ({ project, params: { id } }) =>
      renderBatch(found(isBatchId(id) ? await batches.read(project, id) : undefined)),
  );

  app.post(
    `${prefix}/batches/:id/cancel`,
    {
      config: { scope: 'submit', surface: SURFACE },
      schema: {
        summary: 'Stops a batch: no further line starts; what was answered stays. Safe to repeat',
        params: batchParametersSchema,
        response: answers({ 200: batchSchema }, 404),
      },
    },
    async ({ project, params: { id } }) => {
      const now = dispatch.clock.now();
      return renderBatch(found(isBatchId(id) ? await batches.cancel(project, id, now) : undefined));
    },
  );
}

/** Also of a batch that came through Anthropic's surface: it is shown here in OpenAI's form. */
function isBatchId(id: string): boolean {
  return isId('batch_', id) || isId('msgbatch_', id);
}

/** @throws BrokerError 404 */
function found(batch: BatchRecord | undefined): BatchRecord {
  if (batch === undefined) throw batchNotFound();
  return batch;
}
