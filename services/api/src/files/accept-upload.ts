import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { BrokerError } from '@understudy/contracts';
import { OtherUploadError, StorageFullError, fileKeys } from '@understudy/file-store';
import type { StoredFile } from '@understudy/file-store';
import type { Caller } from '@understudy/limits';
import { createId, idOfKey } from '@understudy/submission';
import { loadScript } from '@understudy/runtime';
import type { Redis } from '@understudy/runtime';
import type { ApiParts } from '../api-parts.ts';
import { readIdempotencyKey } from '../requests/idempotency-key.ts';
import { storageRefusal, storageTerms } from './check-storage.ts';
import type { Upload } from './read-upload.ts';
import { readUploadFields } from './upload-fields.ts';
import type { UploadChoice } from './upload-fields.ts';

const forgetScript = loadScript(new URL('./scripts/forget-use.lua', import.meta.url));

/** Who uploads, and what the request says before its body comes. */
export interface UploadRequest {
  caller: Caller;
  /** The route's pattern. */
  path: string;
  headers: IncomingHttpHeaders;
}

export interface AcceptedUpload {
  file: StoredFile;
  /** True when an earlier request made the file. */
  replayed: boolean;
}

type Parts = Pick<ApiParts, 'dispatch' | 'files' | 'limits' | 'rejoin'>;

/** The id to receive an upload's bytes under: the same whenever the same key comes again. */
export function uploadId({ caller, headers }: UploadRequest, now: number): string {
  const key = readIdempotencyKey(headers['idempotency-key']);
  return key === undefined ? createId('file-', now) : idOfKey('file-', caller.project, key);
}

/**
 * Makes a file of an upload, or finds the one that an earlier, equal request made. What is refused
 * leaves nothing; where it is not known whether the file was made, its bytes stay.
 * @throws BrokerError 422 when its idempotency key came with other bytes before
 */
export async function acceptUpload(
  parts: Parts,
  request: UploadRequest,
  upload: Upload,
): Promise<AcceptedUpload> {
  try {
    return await fileOf(parts, request, upload, readUploadFields(upload.fields));
  } catch (error) {
    if (error instanceof BrokerError && error.status < 500) {
      await parts.files.discard(request.caller.project, upload.received);
    }
    throw error;
  }
}

async function fileOf(
  parts: Parts,
  request: UploadRequest,
  upload: Upload,
  choice: UploadChoice,
): Promise<AcceptedUpload> {
  const { files, dispatch } = parts;
  const { caller, headers } = request;
  const { project } = caller;
  const { received, filename } = upload;
  const fingerprint = fingerprintOf(request, upload, choice);
  const now = dispatch.clock.now();
  const lifeMs = choice.lifeMs ?? dispatch.views().settings.files.retentionMs;

  const keyed = headers['idempotency-key'] !== undefined;
  if (keyed) await refuseOtherUse(dispatch, project, received.id, fingerprint, lifeMs);
  const earlier = keyed ? received.id : await rejoinedId(parts, request, fingerprint, received.id);
  const existing = earlier === undefined ? undefined : await files.read(project, earlier);
  if (existing !== undefined) {
    await files.discard(project, received);
    return { file: existing, replayed: true };
  }
  const draft = {
    id: received.id,
    purpose: choice.purpose,
    filename,
    expiresAt: now + lifeMs,
    ...(keyed ? { upload: { fingerprint, rememberedMs: lifeMs } } : {}),
    ...storageTerms(parts, caller),
  };
  try {
    return { file: await files.register(project, draft, received), replayed: false };
  } catch (error) {
    if (keyed && error instanceof StorageFullError) {
      await forgetUse(dispatch, project, received.id, fingerprint);
    }
    if (error instanceof OtherUploadError) throw otherUse();
    throw storageRefusal(parts, caller, received.bytes, error);
  }
}

/** What an SDK's retry made before; what a crash prevented is made under the id of the retry. */
async function rejoinedId(
  { rejoin }: Parts,
  { caller: { project }, headers }: UploadRequest,
  fingerprint: string,
  id: string,
): Promise<string | undefined> {
  const retryCount = headers['x-stainless-retry-count'];
  const first = await rejoin.idFor({ project, fingerprint, retryCount }, () => id);
  return first.rejoined ? first.id : undefined;
}

/** Where Redis is, and how its keys begin. */
interface UploadPlace {
  redis: Redis;
  keyPrefix: string;
}

/** Which upload a key stands for is remembered for as long as its file is kept. */
async function refuseOtherUse(
  { redis, keyPrefix }: UploadPlace,
  project: string,
  id: string,
  fingerprint: string,
  lifeMs: number,
): Promise<void> {
  const { uploaded } = fileKeys(keyPrefix, project, id);
  const earlier = await redis.set(uploaded, fingerprint, 'PX', lifeMs, 'NX', 'GET');
  if (earlier === null || earlier === fingerprint) return;
  throw otherUse();
}

function otherUse(): BrokerError {
  return new BrokerError(
    'idempotency_mismatch',
    'this Idempotency-Key was used for another upload; a new upload needs a new key',
    { param: 'Idempotency-Key' },
  );
}

/** Of an upload that was refused nothing is remembered: its key may come with a smaller one. */
async function forgetUse(
  { redis, keyPrefix }: UploadPlace,
  project: string,
  id: string,
  fingerprint: string,
): Promise<void> {
  const { uploaded, record } = fileKeys(keyPrefix, project, id);
  await forgetScript.run(redis, [uploaded, record], [fingerprint]);
}

/** Also where a file is kept for longer than was said when it came. */
export async function rememberUpload(
  { redis, keyPrefix }: UploadPlace,
  project: string,
  id: string,
  lifeMs: number,
): Promise<void> {
  const { uploaded } = fileKeys(keyPrefix, project, id);
  await redis.pexpire(uploaded, lifeMs, 'GT');
}

function fingerprintOf(
  { caller: { project }, path }: UploadRequest,
  { received, filename }: Upload,
  { purpose, lifeMs }: UploadChoice,
): string {
  const said = [project, path, purpose, lifeMs ?? null, filename, received.sha256];
  return createHash('sha256').update(JSON.stringify(said)).digest('hex');
}
