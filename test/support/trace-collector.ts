import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { decodeOtlpTraces } from './decode-otlp-traces.ts';
import type { CollectedSpan } from './decode-otlp-traces.ts';

/** A collector of traces over OTLP, as real ones take them: `POST /v1/traces`, protobuf. */
export interface TraceCollector extends AsyncDisposable {
  /** For `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  url: string;
  /** In the order in which they came. */
  spans: readonly CollectedSpan[];
  /** Everything that came, as it came. */
  received: readonly Buffer[];
  /** Resolves with the spans once they fit. @throws Error naming what came, after 20 s */
  waitFor(fits: (spans: readonly CollectedSpan[]) => boolean): Promise<readonly CollectedSpan[]>;
  close(): Promise<void>;
}

const PATIENCE_MS = 20_000;

export async function startTraceCollector(): Promise<TraceCollector> {
  const spans: CollectedSpan[] = [];
  const received: Buffer[] = [];
  const waiting = new Set<() => void>();
  const take = async (request: IncomingMessage): Promise<number> => {
    const body = await buffer(request);
    if (request.url !== '/v1/traces') return 404;
    const message = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
    received.push(message);
    spans.push(...decodeOtlpTraces(message));
    for (const look of waiting) look();
    return 200;
  };
  const server = createServer((request, response) => {
    void take(request).then((status) => response.writeHead(status).end());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the collector has no port');
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  };
  return {
    url: `http://127.0.0.1:${address.port}`,
    spans,
    received,
    waitFor: async (fits) => {
      const { promise, resolve, reject } = Promise.withResolvers<readonly CollectedSpan[]>();
      const look = (): void => {
        if (fits(spans)) resolve(spans);
      };
      const patience = setTimeout(
        () => reject(new Error(`only these came: ${spans.map(({ name }) => name).join(', ')}`)),
        PATIENCE_MS,
      );
      waiting.add(look);
      look();
      try {
        return await promise;
      } finally {
        clearTimeout(patience);
        waiting.delete(look);
      }
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
