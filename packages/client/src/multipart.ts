import type { FileContent } from './files.ts';

/** What a fetch takes for a body that is sent as it is made; it is not in every lib's types yet. */
interface StreamingInit extends RequestInit {
  duplex?: 'half';
}

/** A form with one file, which comes before the fields, as the vendors' SDKs send it. */
export function multipartOf(
  content: FileContent,
  filename: string,
  fields: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>>,
): StreamingInit {
  if (content instanceof Blob) {
    const form = new FormData();
    form.append('file', content, filename);
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    return { body: form, headers };
  }
  // FormData would want the whole of it first.
  const boundary = `understudy-${crypto.randomUUID()}`;
  return {
    body: streamOf(parts(content, filename, fields, boundary)),
    headers: { ...headers, 'content-type': `multipart/form-data; boundary=${boundary}` },
    duplex: 'half',
  };
}

async function* parts(
  content: Exclude<FileContent, Blob>,
  filename: string,
  fields: Readonly<Record<string, string>>,
  boundary: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const encoder = new TextEncoder();
  const disposition = `form-data; name="file"; filename="${escapeName(filename)}"`;
  yield encoder.encode(
    `--${boundary}\r\ncontent-disposition: ${disposition}\r\n` +
      `content-type: application/octet-stream\r\n\r\n`,
  );
  yield* chunksOf(typeof content === 'function' ? await content() : content);
  for (const [name, value] of Object.entries(fields)) {
    yield encoder.encode(
      `\r\n--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}`,
    );
  }
  yield encoder.encode(`\r\n--${boundary}--\r\n`);
}

/** As browsers write it in a form (WHATWG HTML, section 4.10.21.8). */
function escapeName(name: string): string {
  return name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** Not every browser iterates over a stream by itself. */
async function* chunksOf(
  stream: ReadableStream<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function streamOf(chunks: AsyncGenerator<Uint8Array, void, undefined>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const { done, value } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: async () => {
      await chunks.return();
    },
  });
}
