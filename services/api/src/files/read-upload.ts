import { once } from 'node:events';
import { PassThrough, pipeline } from 'node:stream';
import type { Readable } from 'node:stream';
import { Busboy } from '@fastify/busboy';
import type { BusboyFileStream, BusboyInstance } from '@fastify/busboy';
import { BrokerError } from '@understudy/contracts';
import type { ReceivedBytes } from '@understudy/file-store';
import { createFreedChunks, type FreedChunks } from './freed-chunks.ts';

/** A form with one file, all of it read. */
export interface Upload {
  /** The other parts of the form, by name. */
  fields: ReadonlyMap<string, string>;
  /** As the client gave it, without folders. */
  filename: string;
  received: ReceivedBytes;
}

/** Takes the bytes of the file while they come; a chunk holds only until the next is asked for. */
type Receive = (source: AsyncIterable<Uint8Array>) => Promise<ReceivedBytes>;

const FILE_PART = 'file';
const LIMITS = { fields: 20, fieldSize: 1024, parts: 25, headerPairs: 20, headerSize: 8192 };

/**
 * Reads a multipart form as a stream: the parts may come in any order, and no more than a few chunks
 * of the file are in memory.
 * @throws BrokerError when it is no such form, or the client hung up; nothing received is left then
 */
export async function readUpload(
  body: Readable,
  contentType: string,
  receive: Receive,
  discard: (received: ReceivedBytes) => Promise<void>,
): Promise<Upload> {
  const form = openForm(contentType, receive);
  try {
    await feed(form, body);
    const { filename, receiving } = form.file ?? missing();
    return { fields: form.fields, filename, received: await receiving };
  } catch (error) {
    // What is not read any more would hold the connection, and the answer with it.
    body.resume();
    form.abandon(error);
    const received = await form.file?.receiving.catch(() => undefined);
    if (received !== undefined) await discard(received);
    throw error;
  }
}

interface Form {
  parser: BusboyInstance;
  chunks: FreedChunks;
  fields: Map<string, string>;
  file?: { filename: string; receiving: Promise<ReceivedBytes> };
  /** Rejects with the first thing that is wrong with the form, or with keeping its file. */
  broken: Promise<never>;
  /** Ends the file's stream with an error, so that whoever receives it stops. */
  abandon(error: unknown): void;
}

function openForm(contentType: string, receive: Receive): Form {
  const parser = parserOf(contentType);
  const broken = Promise.withResolvers<never>();
  // Looked at only while the body is read.
  broken.promise.catch(() => undefined);
  let stream: BusboyFileStream | undefined;
  const form: Form = {
    parser,
    chunks: createFreedChunks(),
    fields: new Map(),
    broken: broken.promise,
    abandon: (error) => stream?.destroy(error instanceof Error ? error : new Error('abandoned')),
  };
  parser.on('file', (name, part, filename) => {
    // Whoever receives it hears of an error by itself; afterwards nobody would.
    part.on('error', () => undefined);
    if (name !== FILE_PART || stream !== undefined) {
      part.resume();
      const problem = `the part "${FILE_PART}" must be the one file of the form`;
      broken.reject(refusal(problem, FILE_PART));
      return;
    }
    stream = part;
    const receiving = receive(form.chunks.free(pieceByPiece(part)));
    receiving.catch(broken.reject);
    form.file = { filename: plainName(filename), receiving };
  });
  parser.on('field', (name, value, _nameCut, valueCut) => {
    if (valueCut) broken.reject(refusal(`the part "${name.slice(0, 40)}" is too long`, name));
    else form.fields.set(name, value);
  });
  for (const limit of ['partsLimit', 'fieldsLimit'] as const) {
    parser.on(limit, () => broken.reject(refusal('the form has too many parts')));
  }
  parser.on('error', () => {
    broken.reject(refusal('the form is not whole, or is no multipart/form-data'));
  });
  return form;
}

/** A stream of bytes that is iterated gives what has gathered in it as one copy; this one never does. */
function pieceByPiece(part: Readable): AsyncIterable<Uint8Array> {
  const pieces = new PassThrough({ readableObjectMode: true, readableHighWaterMark: 1 });
  // Whoever iterates hears of what went wrong.
  return pipeline(part, pieces, () => undefined);
}

function parserOf(contentType: string): BusboyInstance {
  try {
    return new Busboy({ headers: { 'content-type': contentType }, limits: LIMITS });
  } catch {
    throw refusal('the header Content-Type must be multipart/form-data with a boundary');
  }
}

/**
 * Not a pipeline: that would destroy the request with everything that goes wrong, and the answer
 * could not be sent.
 */
async function feed({ parser, chunks, broken }: Form, body: Readable): Promise<void> {
  const stop = new AbortController();
  const { signal } = stop;
  const finished = once(parser, 'finish', { signal });
  finished.catch(() => undefined);
  try {
    for await (const chunk of body.iterator({ destroyOnReturn: false })) {
      chunks.arrived(chunk);
      // One turn, in which what the chunk broke is heard of before the next one is asked for.
      if (!parser.write(chunk)) await Promise.race([once(parser, 'drain', { signal }), broken]);
      else await Promise.race([broken, Promise.resolve()]);
    }
    parser.end();
    await Promise.race([finished, broken]);
  } catch (error) {
    throw error instanceof BrokerError ? error : interrupted(error);
  } finally {
    stop.abort();
  }
}

function missing(): never {
  throw refusal(`the form has no part "${FILE_PART}" with a file`, FILE_PART);
}

function refusal(message: string, param?: string): BrokerError {
  return new BrokerError('invalid_request', message, param === undefined ? {} : { param });
}

function interrupted(cause: unknown): BrokerError {
  return new BrokerError('invalid_request', 'the upload ended before all of it was here', {
    cause,
  });
}

const LONGEST_NAME = 255;

function plainName(filename: string | undefined): string {
  const name = (filename ?? '').toWellFormed().replaceAll(/\p{Cc}/gu, '');
  return name === '' ? 'upload' : name.slice(0, LONGEST_NAME).toWellFormed();
}
