import type { Settings } from '@understudy/configuration';
import type { FastifyRequest } from 'fastify';

/**
 * Scheme, host and port under which the caller reaches this API, for addresses that it may follow with
 * its key: as the operator says, else as the request says, through a proxy that ends its TLS too.
 */
export function publicOrigin(
  { protocol, host, headers }: Pick<FastifyRequest, 'protocol' | 'host' | 'headers'>,
  { server }: Pick<Settings, 'server'>,
): string {
  if (server.publicUrl !== undefined) return server.publicUrl;
  // Of several proxies the first one writes what the caller spoke.
  const [first = ''] = String(headers['x-forwarded-proto'] ?? '').split(',');
  const isSecure = first.trim().toLowerCase() === 'https';
  return `${isSecure ? 'https' : protocol}://${host}`;
}
