import type { IncomingMessage } from 'node:http';
import { BrokerError, filePurposeSchema } from '@understudy/contracts';
import type { StoredFile } from '@understudy/file-store';
import { isId } from '@understudy/submission';
import type { FastifyRequest } from 'fastify';
import type { ApiApp, ApiParts } from '../api-parts.ts';
import { acceptUpload, uploadId } from '../files/accept-upload.ts';
import { checkStorage } from '../files/check-storage.ts';
import { sendFileContent } from '../files/file-content.ts';
import {
  deletedFileSchema,
  fileListSchema,
  fileParametersSchema,
  fileQuerySchema,
  fileSchema,
  uploadFormSchema,
} from '../files/file-schemas.ts';
import { readUpload } from '../files/read-upload.ts';
import { renderFile } from '../files/render-file.ts';
import { OPENAI_PREFIXES } from '../requests/surfaces.ts';
import { answers, byteAnswers } from '../schemas/answers.ts';

const CONTENT_TYPE = 'application/octet-stream';
const SURFACE = 'openai' as const;

/** Files, as OpenAI's SDK knows them: inputs of batches, and what batches write. */
export function addFileRoutes(app: ApiApp, parts: ApiParts): void {
  for (const prefix of OPENAI_PREFIXES) {
    // A scope of its own, for only here is a body a form.
    app.register(async (scope) => addUploadRoute(scope, parts, prefix));
    addReadingRoutes(app, parts, prefix);
  }
}

function addUploadRoute(app: ApiApp, parts: ApiParts, prefix: string): void {
  const { files, dispatch } = parts;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'multipart/form-data',
    async (_request: FastifyRequest, payload: IncomingMessage) => payload,
  );
  app.addContentTypeParser('*', async () => {
    throw new BrokerError(
      'unsupported_media_type',
      'a file must be sent as multipart/form-data with the parts "file" and "purpose"',
    );
  });
  app.post(
    `${prefix}/files`,
    {
      config: { scope: 'submit', surface: SURFACE, makesWork: true },
      // The form is checked part by part while it comes; its schema is for the document.
      validatorCompiler: () => (data: unknown) => ({ value: data }),
      schema: {
        summary: 'Uploads a file, as the input of a batch',
        consumes: ['multipart/form-data'],
        body: uploadFormSchema,
        response: answers({ 200: fileSchema }, 400, 413, 415, 422, 429),
      },
    },
    async (request, reply) => {
      const { project, caller, headers, raw } = request;
      const path = request.route.url ?? '';
      const about = { caller, path, headers };
      const id = uploadId(about, dispatch.clock.now());
      await checkStorage(parts, caller).catch((error: unknown) => {
        // What is not read any more would hold the connection, and the answer with it.
        raw.resume();
        throw error;
      });
      const { maxBytes } = dispatch.views().settings.files;
      const upload = await readUpload(
        raw,
        headers['content-type'] ?? '',
        (source) => files.receive(project, id, source, maxBytes),
        (received) => files.discard(project, received),
      );
      const { file, replayed } = await acceptUpload(parts, about, upload);
      if (replayed) reply.header('idempotency-replayed', 'true');
      return renderFile(file);
    },
  );
}

function addReadingRoutes(app: ApiApp, { files }: ApiParts, prefix: string): void {
  const config = { scope: 'read', surface: SURFACE } as const;

  app.get(
    `${prefix}/files`,
    {
      config,
      schema: {
        summary: 'Files of the project, newest first unless told',
        querystring: fileQuerySchema,
        response: answers({ 200: fileListSchema }, 400),
      },
    },
    async ({ project, query: { purpose, after, ...rest } }) => {
      const known = filePurposeSchema.safeParse(purpose);
      const isEmpty = purpose !== undefined && !known.success;
      const page = isEmpty
        ? { files: [], hasMore: false }
        : await files.list(project, {
            ...rest,
            ...(known.success ? { purpose: known.data } : {}),
            ...(after === undefined ? {} : { after }),
          });
      const data = page.files.map(renderFile);
      return {
        object: 'list' as const,
        data,
        first_id: data[0]?.id ?? '',
        last_id: data.at(-1)?.id ?? '',
        has_more: page.hasMore,
      };
    },
  );

  app.get(
    `${prefix}/files/:id`,
    {
      config,
      schema: {
        summary: 'A file, without its content',
        params: fileParametersSchema,
        response: answers({ 200: fileSchema }, 404),
      },
    },
    async ({ project, params: { id } }) => renderFile(found(await read(project, id))),
  );

  app.get(
    `${prefix}/files/:id/content`,
    {
      config: { ...config, content: true },
      exposeHeadRoute: false,
      schema: {
        summary: 'The bytes of a file; of one that a batch still writes, those that are there',
        params: fileParametersSchema,
        response: { ...answers({}, 404), ...byteAnswers(CONTENT_TYPE) },
      },
    },
    async ({ project, params: { id }, headers: { range } }, reply) => {
      const file = isId('file-', id) ? await files.open(project, id) : undefined;
      return sendFileContent(reply, found(file), CONTENT_TYPE, range);
    },
  );

  app.delete(
    `${prefix}/files/:id`,
    {
      config: { scope: 'submit', surface: SURFACE },
      schema: {
        summary: 'Removes a file and its bytes',
        params: fileParametersSchema,
        response: answers({ 200: deletedFileSchema }, 404),
      },
    },
    async ({ project, params: { id } }) => {
      if (!isId('file-', id) || !(await files.remove(project, id))) throw fileNotFound();
      return { id, object: 'file' as const, deleted: true as const };
    },
  );

  async function read(project: string, id: string): Promise<StoredFile | undefined> {
    return isId('file-', id) ? files.read(project, id) : undefined;
  }
}

/** @throws BrokerError 404 */
function found<Found extends StoredFile>(file: Found | undefined): Found {
  if (file === undefined) throw fileNotFound();
  return file;
}

/** The same for a file of nobody and for a file of somebody else. */
function fileNotFound(): BrokerError {
  return new BrokerError('not_found', 'there is no file of this id; files expire after a while');
}
