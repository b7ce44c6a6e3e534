import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3';
import type { AbortMultipartUploadCommandInput } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { FileSettings } from '@understudy/configuration';
import type { FileBytes } from './file-bytes.ts';
import { fileKeySegments, filePrefixSegments } from './file-key-segments.ts';
import { listUploads } from './list-uploads.ts';
import { gatherChunks } from './gathered-chunks.ts';
import { measureChunks } from './measured-chunks.ts';
import { PLACE_MARKS, PLACE_MARK_TEXT } from './place-mark.ts';
import { explainS3Error, s3ErrorName, s3Remedy } from './s3-failure.ts';

/** Gathered in memory and sent as one part: the least that S3 takes, one at a time, to stay small. */
const PART_BYTES = 5 * 1024 * 1024;
const PARTS_AT_ONCE = 1;
const CONNECT_TIMEOUT_MS = 5_000;
/** Of one part, or of the answer's first byte. */
const REQUEST_TIMEOUT_MS = 120_000;
const REMOVED_AT_ONCE = 16;
/**
 * An object that is not read to its end holds a connection: of a bounded number, slow downloads and
 * a merge of many parts would leave none to anybody, themselves included. Each of those who read
 * bounds what it has open.
 */
const UNBOUNDED = { maxSockets: Infinity };
/** What the signature names where storage of another maker has no regions. */
const REGION_OF_OTHERS = 'us-east-1';

type S3Settings = NonNullable<FileSettings['s3']>;

/** Files' bytes as the objects of a bucket. Credentials come from the usual chain of the AWS SDKs. */
export function createS3Bytes(settings: S3Settings): FileBytes {
  const client = createClient(settings);
  const bucket = { Bucket: settings.bucket };
  const prefix = objectPrefix(settings.prefix);
  const objectOf = (key: string) => ({
    ...bucket,
    Key: `${prefix}${fileKeySegments(key).join('/')}`,
  });
  const marksBelow = `${prefix}${PLACE_MARKS}/`;
  const readMarks = async (): Promise<string[]> => {
    const marks: string[] = [];
    const pages = paginateListObjectsV2({ client }, { ...bucket, Prefix: marksBelow });
    for await (const { Contents: found = [] } of pages) {
      marks.push(...found.map(({ Key: key = '' }) => key.slice(marksBelow.length)));
    }
    // Some tools put an object there for the folder itself.
    return marks.filter((mark) => mark !== '');
  };

  return {
    write: async (key, source, options) => {
      const object = objectOf(key);
      const measured = measureChunks(source, gatherChunks, options?.maxBytes);
      try {
        // Smaller ones are a single put; a multipart upload that fails is aborted.
        await new Upload({
          client,
          params: { ...object, Body: Readable.from(measured.chunks, { objectMode: false }) },
          partSize: PART_BYTES,
          queueSize: PARTS_AT_ONCE,
        }).done();
      } catch (error) {
        throw measured.sourceFailure()?.error ?? explainS3Error(error);
      }
      return { ...measured.written(), key };
    },

    read: async (key, range) => {
      const object = objectOf(key);
      if (range?.end !== undefined && range.end <= range.start) return Readable.from([]);
      try {
        const { Body: body } = await client.send(
          new GetObjectCommand({ ...object, ...rangeHeader(range) }),
        );
        if (body instanceof Readable) return body;
        throw new TypeError('expected the body of an object as a stream');
      } catch (error) {
        const name = s3ErrorName(error);
        if (name === 'NoSuchKey' || name === 'NotFound') return undefined;
        // Nothing is there from `start` on.
        if (name === 'InvalidRange') return Readable.from([]);
        throw explainS3Error(error);
      }
    },

    // One by one: not all storage that speaks S3 takes a list, or the checksum that it must carry.
    remove: async (keys) => {
      const objects = keys.map(objectOf);
      try {
        for (let start = 0; start < objects.length; start += REMOVED_AT_ONCE) {
          const some = objects.slice(start, start + REMOVED_AT_ONCE);
          await Promise.all(some.map((object) => client.send(new DeleteObjectCommand(object))));
        }
      } catch (error) {
        throw explainS3Error(error);
      }
    },

    list: async function* (folder) {
      const below = `${prefix}${filePrefixSegments(folder).join('/')}/`;
      try {
        for await (const page of paginateListObjectsV2({ client }, { ...bucket, Prefix: below })) {
          for (const { Key: key, LastModified: changed } of page.Contents ?? []) {
            if (key === undefined || changed === undefined) continue;
            yield { key: key.slice(prefix.length), changedAt: changed.getTime() };
          }
        }
      } catch (error) {
        throw explainS3Error(error);
      }
    },

    removeAbandoned: async (before, own) => {
      try {
        for await (const upload of listUploads(client, { ...bucket, Prefix: prefix })) {
          const { Key = '', UploadId, Initiated: begun } = upload;
          if (begun === undefined || begun.getTime() >= before) continue;
          if (!own(Key.slice(prefix.length))) continue;
          await abortUpload(client, { ...bucket, Key, UploadId });
        }
      } catch (error) {
        // Storage that cannot tell its uploads lets them lapse by itself.
        if (s3ErrorName(error) !== 'NotImplemented') throw explainS3Error(error);
      }
    },

    mark: async (name) => {
      try {
        const marks = await readMarks();
        if (marks.includes(name)) return marks;
        const object = { ...bucket, Key: `${marksBelow}${name}` };
        await client.send(new PutObjectCommand({ ...object, Body: PLACE_MARK_TEXT }));
        return await readMarks();
      } catch (error) {
        throw explainS3Error(error);
      }
    },

    check: async () => {
      const probe = { ...bucket, Key: `${prefix}.check` };
      try {
        await client.send(new PutObjectCommand({ ...probe, Body: 'check' }));
        await client.send(new DeleteObjectCommand(probe));
      } catch (error) {
        throw new Error(
          `files cannot be stored in the bucket ${settings.bucket} of files.s3: ${s3Remedy(error)}`,
          { cause: error },
        );
      }
    },
  };
}

function createClient(settings: S3Settings): S3Client {
  const { endpoint, region, forcePathStyle } = settings;
  const requestHandler = {
    connectionTimeout: CONNECT_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    throwOnRequestTimeout: true,
    httpAgent: UNBOUNDED,
    httpsAgent: UNBOUNDED,
  };
  if (endpoint === undefined) {
    return new S3Client({
      requestHandler,
      ...(region === undefined ? {} : { region }),
      ...(forcePathStyle === undefined ? {} : { forcePathStyle }),
    });
  }
  return new S3Client({
    requestHandler,
    endpoint,
    region: region ?? REGION_OF_OTHERS,
    forcePathStyle: forcePathStyle ?? true,
    // Amazon's newer checksums are unknown to much of the storage that others make.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
}

async function abortUpload(
  client: S3Client,
  upload: AbortMultipartUploadCommandInput,
): Promise<void> {
  try {
    await client.send(new AbortMultipartUploadCommand(upload));
  } catch (error) {
    // Another process that sweeps was faster.
    if (s3ErrorName(error) !== 'NoSuchUpload') throw error;
  }
}

/** The operator's prefix, ending in one `/`. */
function objectPrefix(prefix: string | undefined): string {
  const plain = (prefix ?? '').replace(/^\/+|\/+$/g, '');
  return plain === '' ? '' : `${plain}/`;
}

function rangeHeader(range: { start: number; end?: number } | undefined): { Range?: string } {
  if (range === undefined) return {};
  const { start, end } = range;
  if (end !== undefined) return { Range: `bytes=${start}-${end - 1}` };
  // An empty object has no byte 0 to begin at.
  return start === 0 ? {} : { Range: `bytes=${start}-` };
}
