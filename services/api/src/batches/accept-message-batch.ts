import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { BrokerError } from '@understudy/contracts';
import type { BatchRecord } from '@understudy/contracts';
import type { ReceivedBytes } from '@understudy/file-store';
import type { Caller } from '@understudy/limits';
import { createId } from '@understudy/submission';
import type { ApiParts } from '../api-parts.ts';
import { checkStorage, storageRefusal, storageTerms } from '../files/check-storage.ts';
import { readBrokerHeaders, refuseUnstored } from '../requests/broker-headers.ts';
import { checkRoom } from '../requests/check-room.ts';
import { receivedFingerprint } from '../requests/idempotency-key.ts';
import { checkBatchOptions, createBatch, identifyBatch } from './accept-batch.ts';
import { batchLifeMs } from './batch-life.ts';
import { MOST_BATCH_BYTES, readMessageRequests } from './message-requests.ts';

type Parts = Pick<ApiParts, 'admission' | 'batches' | 'dispatch' | 'files' | 'limits' | 'rejoin'>;

/** A create call, its body still to be read. */
export interface MessageBatchPost {
  caller: Caller;
  method: string;
  /** The route's pattern. */
  path: string;
  headers: IncomingHttpHeaders;
  body: Readable;
}

/** Results are kept for so long after the batch was made. */
const RESULTS_LIFE_MS = 29 * 86_400_000;

/**
 * Makes a batch of requests that come in the body of the call: they become its input file while
 * they come.
 * @throws BrokerError; nothing of what came is left then
 */
export async function acceptMessageBatch(
  parts: Parts,
  post: MessageBatchPost,
): Promise<{ batch: BatchRecord; replayed: boolean }> {
  const { files, dispatch } = parts;
  const { caller, headers, method, path } = post;
  const { project } = caller;
  const options = readBrokerHeaders(headers);
  refuseUnstored(options);
  const lifeMs = batchLifeMs(options);
  // Before the body is read, which may take a minute.
  checkBatchOptions(parts, caller, options);
  await checkStorage(parts, caller);
  await checkRoom(parts, 0);
  const { received, lines } = await receive(parts, post);

  // Equal lines are equal requests: only space between the members may differ.
  const content = Buffer.from(received.sha256);
  const fingerprint = () => receivedFingerprint({ method, path, headers, received: content });
  const same = { caller, headers, fingerprint, receivedFingerprint: fingerprint };
  let registered = false;
  try {
    const identity = await identifyBatch(parts, 'anthropic', same);
    if (identity.existing !== undefined) {
      await files.discard(project, received);
      return { batch: identity.existing, replayed: true };
    }
    // Redis may have filled up meanwhile. Once the input is a file, it would stay.
    await checkRoom(parts, 0);
    const keptUntil = dispatch.clock.now() + RESULTS_LIFE_MS;
    registered = true;
    await files.register(
      project,
      {
        id: received.id,
        purpose: 'batch',
        filename: `${identity.id}.jsonl`,
        expiresAt: keptUntil,
        ...storageTerms(parts, caller),
      },
      received,
    );
    const result = await createBatch(parts, same, identity, {
      surface: 'anthropic',
      endpoint: '/v1/messages',
      input_file_id: received.id,
      lines,
      output_life_ms: RESULTS_LIFE_MS,
      lifeMs,
      options,
    });
    // Of two equal requests at a time one made the batch, with an input of its own.
    if (result.replayed) await files.remove(project, received.id);
    return result;
  } catch (error) {
    const refusal = storageRefusal(parts, caller, received.bytes, error);
    await forget(parts, project, received, registered, refusal);
    throw refusal;
  }
}

async function receive(
  { files, dispatch }: Parts,
  { caller: { project }, headers, body }: MessageBatchPost,
): Promise<{ received: ReceivedBytes; lines: number }> {
  if (Number(headers['content-length'] ?? 0) > MOST_BATCH_BYTES) throw tooLarge();
  const source = body.iterator({ destroyOnReturn: false });
  const requests = readMessageRequests(source, dispatch.views().settings.limits);
  const id = createId('file-', dispatch.clock.now());
  try {
    const received = await files.receive(project, id, requests.lines, MOST_BATCH_BYTES);
    return { received, lines: requests.count() };
  } catch (error) {
    throw requests.problem() ?? error;
  }
}

/**
 * A batch that was refused leaves no input behind. Where it is not known whether it was made, as
 * when Redis went away, its input stays until it expires.
 */
async function forget(
  { files }: Parts,
  project: string,
  received: ReceivedBytes,
  registered: boolean,
  error: unknown,
): Promise<void> {
  if (!registered) return files.discard(project, received);
  if (!(error instanceof BrokerError) || error.status >= 500) return;
  if (!(await files.remove(project, received.id))) await files.discard(project, received);
}

function tooLarge(): BrokerError {
  return new BrokerError(
    'body_too_large',
    `a message batch takes at most ${MOST_BATCH_BYTES} bytes; send it as several`,
  );
}
