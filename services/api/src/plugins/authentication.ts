import type { IncomingHttpHeaders } from 'node:http';
import { BrokerError } from '@understudy/contracts';
import type { ApiApp } from '../api-parts.ts';
import type { ApiKeys } from '../api-keys.ts';

/**
 * Closes every route that does not state `config: { public: true }`, those of plugins and unknown
 * paths included: a route that forgets to say anything is closed.
 */
export function addAuthentication(app: ApiApp, keys: ApiKeys): void {
  app.decorateRequest('project', '');
  app.decorateRequest('caller');
  app.addHook('onRequest', async (request) => {
    const { public: isPublic, scope = 'admin' } = request.routeOptions.config;
    if (isPublic === true) return;
    const key = presentedKey(request.headers);
    const credential = key === undefined ? undefined : await keys.find(key);
    if (credential === undefined) throw refusal(key);
    // Nothing stands behind an unknown path, so any key may hear that.
    if (!request.is404 && !credential.scopes.includes(scope)) {
      throw new BrokerError(
        'forbidden',
        `this key allows ${credential.scopes.join(', ') || 'nothing'}; the request needs ${scope}`,
      );
    }
    const { id, project, limits } = credential;
    request.project = project;
    request.caller = { project, key: id, ...(limits === undefined ? {} : { keyLimits: limits }) };
  });
}

function presentedKey(headers: IncomingHttpHeaders): string | undefined {
  const [, bearer] = /^bearer +(\S+)\s*$/i.exec(headers.authorization ?? '') ?? [];
  const alone = headers['x-api-key'];
  return bearer ?? (typeof alone === 'string' && alone !== '' ? alone : undefined);
}

function refusal(key: string | undefined): BrokerError {
  return new BrokerError(
    'unauthenticated',
    key === undefined
      ? 'no API key; send one as "Authorization: Bearer <key>" or "x-api-key: <key>"'
      : 'the API key is not known here; check that it is whole and belongs to this broker',
  );
}
