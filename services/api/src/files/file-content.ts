import { Readable } from 'node:stream';
import type { OpenedFile } from '@understudy/file-store';
import type { FastifyReply } from 'fastify';

const RANGE = /^bytes=(\d{1,15})-(\d{1,15})?$/;

/**
 * Streams a file. Of one that a batch still writes: what is there now. One range is served (RFC 9110,
 * section 14), so that a broken download can go on, and whoever follows a file that grows takes only
 * what is new; of that one nobody knows how long it will be, which is what tells it from a whole one.
 * Any other range is answered as if none had been asked for.
 * @param range the header `Range`
 */
export async function sendFileContent(
  reply: FastifyReply,
  file: OpenedFile,
  contentType: string,
  range?: string,
): Promise<FastifyReply> {
  const { bytes, complete } = file;
  const [, from, to] = RANGE.exec(range ?? '') ?? [];
  const start = Number(from ?? 0);
  const end = Math.min(Number(to ?? bytes - 1), bytes - 1) + 1;
  reply.header('x-content-type-options', 'nosniff').header('cache-control', 'no-store');
  reply.header('accept-ranges', 'bytes');
  if (from !== undefined && start >= end) {
    return reply.code(416).header('content-range', `bytes */${bytes}`).send();
  }
  const content = file.content(start);
  if (from !== undefined) {
    reply.code(206).header('content-range', `bytes ${start}-${end - 1}/${complete ? bytes : '*'}`);
  }
  const isMeasured = complete || from !== undefined;
  if (isMeasured) reply.header('content-length', String(end - start));
  const wanted = isMeasured ? firstBytes(content, end - start) : content;
  return reply.type(contentType).send(Readable.from(wanted, { objectMode: false }));
}

async function* firstBytes(content: AsyncIterable<Buffer>, bytes: number): AsyncGenerator<Buffer> {
  let left = bytes;
  if (left === 0) return;
  for await (const chunk of content) {
    yield chunk.subarray(0, left);
    left -= chunk.length;
    if (left <= 0) return;
  }
}
