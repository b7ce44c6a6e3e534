import type { ApiApp } from '../api-parts.ts';

const CHALLENGE = 'Basic realm="Understudy", charset="UTF-8"';

/**
 * Pages that a browser opens by their address bring no header of ours. Where a route says `basic`,
 * the browser asks for a password, and a key is one, under any user name. It is checked as every
 * key is. Browsers send it along by themselves from then on, so such a route must only look.
 */
export function addBasicCredential(app: ApiApp): void {
  app.addHook('onRequest', ({ headers, route }, _reply, next) => {
    if (route.config.basic === true) {
      const password = passwordIn(headers.authorization);
      if (password !== undefined) headers['x-api-key'] = password;
    }
    next();
  });
  app.addHook('onSend', ({ route }, reply, _payload, next) => {
    if (route.config.basic === true && reply.statusCode === 401) {
      reply.header('www-authenticate', CHALLENGE);
    }
    next();
  });
}

/** RFC 7617: base64 of `user:password`, where the password may hold colons and the user none. */
function passwordIn(authorization: string | undefined): string | undefined {
  const [, encoded] = /^basic +([A-Za-z0-9+/]+={0,2})\s*$/i.exec(authorization ?? '') ?? [];
  if (encoded === undefined) return undefined;
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  const at = pair.indexOf(':');
  return at === -1 || at === pair.length - 1 ? undefined : pair.slice(at + 1);
}
