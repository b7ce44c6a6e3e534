import type { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

/** Answers with server-sent events. */
export function sendStream(reply: FastifyReply, stream: Readable): FastifyReply {
  return (
    reply
      .type('text/event-stream; charset=utf-8')
      .header('cache-control', 'no-store')
      // nginx would otherwise hold events back until its buffer is full.
      .header('x-accel-buffering', 'no')
      // What has been a stream is not used again, so that a service that stops waits for none.
      .header('connection', 'close')
      .send(stream)
  );
}
