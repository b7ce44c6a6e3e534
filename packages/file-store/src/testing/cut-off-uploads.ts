import { once } from 'node:events';
import { createServer } from 'node:http';
import { onTestFinished } from 'vitest';
import { z } from 'zod';

const addressSchema = z.object({ port: z.int() });

/**
 * A bucket with uploads that were begun long ago, which our other storage for tests cannot list. As at
 * Amazon's, one that is aborted is no more there to be aborted again.
 */
export async function serveCutOffUploads(
  bucket: string,
  keys: readonly string[],
): Promise<{ endpoint: string; left(): string[] }> {
  const open = new Set(keys);
  const server = createServer(({ method, url = '' }, response) => {
    const { pathname } = new URL(url, 'http://storage');
    const key = pathname.slice(`/${bucket}/`.length);
    if (method === 'GET') response.end(listOf(keys));
    else if (open.delete(key)) response.writeHead(204).end();
    else response.writeHead(404).end('<Error><Code>NoSuchUpload</Code></Error>');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = addressSchema.parse(server.address());
  return { endpoint: `http://127.0.0.1:${port}`, left: () => [...open] };
}

function listOf(keys: readonly string[]): string {
  const uploads = keys.map(
    (key) =>
      `<Upload><Key>${key}</Key><UploadId>of ${key}</UploadId><Initiated>2020-01-01T00:00:00.000Z</Initiated></Upload>`,
  );
  return `<ListMultipartUploadsResult>${uploads.join('')}</ListMultipartUploadsResult>`;
}
