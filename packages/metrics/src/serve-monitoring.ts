import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { MetricsSettings } from '@understudy/configuration';
import { closableOnce } from '@understudy/runtime';
import type { Closable } from '@understudy/runtime';
import { isMetricsToken } from './metrics-token.ts';
import type { Metrics } from './metrics.ts';

/** What keeps the service from its work; nothing where it can do it. */
export type Missing = () => Promise<readonly string[]>;

/** A scrape takes milliseconds; what sends its request slower is cut off. */
const REQUEST_TIMEOUT_MS = 10_000;

export interface MonitoringPort extends Closable {
  url: string;
}

interface Answer {
  status: number;
  type?: string;
  headers?: Readonly<Record<string, string>>;
  body: string;
}

/**
 * Serves `/metrics`, `/healthz` and `/readyz` of a service that has no other door. Where there is a
 * token, `/metrics` asks for it; the other two say nothing worth one.
 * @throws Error naming the setting and the remedy when the address cannot be had
 */
export async function serveMonitoring(
  { host, port, token }: MetricsSettings & { port: number },
  metrics: Metrics | undefined,
  missing: Missing,
): Promise<MonitoringPort> {
  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const [path = ''] = (request.url ?? '').split('?', 1);
    if (request.method !== 'GET' && request.method !== 'HEAD') return told(405, 'only GET is here');
    if (path === '/healthz') return json(200, { status: 'ok' });
    if (path === '/readyz') {
      const found = await missing();
      if (found.length === 0) return json(200, { status: 'ready' });
      return json(503, { status: 'not_ready', missing: found });
    }
    if (path !== '/metrics') return told(404, 'here are /metrics, /healthz and /readyz');
    if (metrics === undefined) return told(404, 'metrics are off: metrics.enabled is false');
    if (token !== undefined && !isMetricsToken(bearerOf(request), token)) {
      const headers = { 'www-authenticate': 'Bearer' };
      return { ...told(401, 'send metrics.token as "Authorization: Bearer <token>"'), headers };
    }
    return { status: 200, type: metrics.contentType, body: await metrics.text() };
  };
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, (request, response) => {
    answer(request).then(
      (found) => send(response, found),
      () => send(response, told(500, 'the answer could not be made')),
    );
  });
  server.listen({ host, port, exclusive: true });
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new Error(refusal(error, host, port), { cause: error });
  }
  metrics?.watchProcess();
  const address = server.address();
  const taken = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    ...closableOnce(async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    }),
  };
}

function bearerOf({ headers }: IncomingMessage): string | undefined {
  return /^bearer +(\S+)\s*$/i.exec(headers.authorization ?? '')?.[1];
}

function send(response: ServerResponse, { status, type, headers, body }: Answer): void {
  response.writeHead(status, { 'content-type': type ?? 'text/plain; charset=utf-8', ...headers });
  response.end(body);
}

function told(status: number, body: string): Answer {
  return { status, body: `${body}\n` };
}

function json(status: number, value: object): Answer {
  return { status, type: 'application/json', body: JSON.stringify(value) };
}

function refusal(error: unknown, host: string, port: number): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  return `metrics cannot be served at ${host}:${port} (${code}); set UNDERSTUDY_METRICS_PORT or metrics.port and metrics.host to what is free, or leave the port out`;
}
