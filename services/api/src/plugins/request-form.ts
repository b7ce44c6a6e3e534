import type { IncomingMessage } from 'node:http';
import { BrokerError } from '@understudy/contracts';
import type { ApiApp } from '../api-parts.ts';

/** Clients and the proxies before them send some thirty; Node itself drops those above 2000. */
const MOST_HEADERS = 200;
/**
 * Sent twice, software in between may go by the one and this API by the other. RFC 9112, section
 * 3.2, demands a 400 for two Hosts, which Node takes.
 */
const ONCE_ONLY = ['host', 'authorization', 'content-type', 'content-encoding'];

/** Refuses what no request to this API may be, before its body is read. */
export function addRequestForm(app: ApiApp): void {
  app.addHook('onRequest', ({ headers, raw }, reply, next) => {
    // Names and values by turns.
    if (raw.rawHeaders.length > 2 * MOST_HEADERS) {
      throw new BrokerError(
        'headers_too_large',
        `the request has more than ${MOST_HEADERS} headers`,
      );
    }
    const twice = repeatedHeader(raw);
    if (twice !== undefined) {
      throw new BrokerError('invalid_request', `the request has the header ${twice} twice`);
    }
    const coding = headers['content-encoding']?.trim().toLowerCase() ?? '';
    if (coding === '' || coding === 'identity') {
      next();
      return;
    }
    // RFC 9110, section 15.5.16: by this header the client knows that its media type was right.
    reply.header('accept-encoding', 'identity');
    throw new BrokerError(
      'unsupported_media_type',
      'compressed bodies are not taken; send the body as it is, without Content-Encoding',
    );
  });
}

function repeatedHeader({ headers, rawHeaders }: IncomingMessage): string | undefined {
  // Of most requests each header stands there once.
  if (Object.keys(headers).length * 2 === rawHeaders.length) return undefined;
  const names = rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
  return ONCE_ONLY.find((name) => names.indexOf(name) !== names.lastIndexOf(name));
}
