import type { IncomingHttpHeaders } from 'node:http';
import { BrokerError } from '@understudy/contracts';
import type { FastifyContextConfig, FastifyRequest } from 'fastify';
import type { ApiApp, ApiParts } from '../api-parts.ts';
import type { StoredKey } from '../keys/stored-key.ts';
import { ALL_PROJECTS, PROJECT_HEADER } from '../requests/all-projects.ts';

/**
 * Closes every route that does not state `config: { public: true }`, those of plugins and unknown
 * paths included: a route that forgets to say anything is closed. Says in which project the request
 * acts, and whether its key may see content.
 */
export function addAuthentication(
  app: ApiApp,
  { keys, environmentKey, projects }: Pick<ApiParts, 'keys' | 'environmentKey' | 'projects'>,
): void {
  app.decorateRequest('project', '');
  app.decorateRequest('mayReadContent', false);
  app.decorateRequest('caller');
  app.decorateRequest('credential');
  app.addHook('onRequest', async (request) => {
    const { config } = request.route;
    if (config.public === true || request.hasMetricsToken) return;
    const key = presentedKey(request.headers);
    const credential = key === undefined ? undefined : await keys.find(key);
    if (credential === undefined) {
      throw key === undefined || environmentKey.isRegistered() ? refusal(key) : tooEarly();
    }
    // Nothing stands behind an unknown path, so any key may hear that.
    if (!request.is404 && !isAllowed(config, credential)) throw forbidden(config, credential);
    const project = request.is404
      ? credential.project
      : await actedOn(
          request,
          credential,
          async (name) => (await projects.find(name)) !== undefined,
        );
    const { id, limits } = credential;
    request.project = project;
    request.mayReadContent = credential.scopes.includes('read');
    request.credential = credential;
    request.caller = {
      // Of the whole installation nothing is made.
      project: project === ALL_PROJECTS ? credential.project : project,
      key: id,
      ...(limits === undefined ? {} : { keyLimits: limits }),
    };
  });
}

/** An administrator looks at whatever there is to look at, except at content. */
function isAllowed(
  { scope = 'admin', content }: FastifyContextConfig,
  { scopes }: StoredKey,
): boolean {
  if (scope === 'any' || scopes.includes(scope)) return true;
  return scope === 'read' && content !== true && scopes.includes('admin');
}

function forbidden(
  { scope = 'admin', content }: FastifyContextConfig,
  { scopes }: StoredKey,
): BrokerError {
  const what = content === true ? 'to see content' : '';
  return new BrokerError(
    'forbidden',
    `this key allows ${scopes.join(', ') || 'nothing'}; the request needs ${scope} ${what}`.trim(),
  );
}

/**
 * The project of the key, or the one that an administrator names.
 * @throws BrokerError 403 when another names one, 404 when it is not there, 400 for all of them
 *   where the route acts in one
 */
async function actedOn(
  { headers, route }: FastifyRequest,
  credential: StoredKey,
  exists: (project: string) => Promise<boolean>,
): Promise<string> {
  const named = headers[PROJECT_HEADER];
  if (named === undefined) return credential.project;
  if (!credential.scopes.includes('admin')) {
    throw new BrokerError(
      'forbidden',
      'only a key with the scope admin may name a project; leave out the header Understudy-Project',
      { param: 'Understudy-Project' },
    );
  }
  const project = String(named);
  if (project === ALL_PROJECTS) {
    if (route.config.allProjects === true) return project;
    throw new BrokerError(
      'invalid_request',
      'the request acts in one project; name it in the header Understudy-Project instead of *',
      { param: 'Understudy-Project' },
    );
  }
  if (project === credential.project || (await exists(project))) return project;
  throw new BrokerError(
    'not_found',
    `there is no project ${JSON.stringify(project.slice(0, 63))}; see GET /v1/admin/projects`,
    { param: 'Understudy-Project' },
  );
}

function presentedKey(headers: IncomingHttpHeaders): string | undefined {
  const [, bearer] = /^bearer +(\S+)\s*$/i.exec(headers.authorization ?? '') ?? [];
  const alone = headers['x-api-key'];
  return bearer ?? (typeof alone === 'string' && alone !== '' ? alone : undefined);
}

/** A 401 would tell a caller whose key is good that it is not. */
function tooEarly(): BrokerError {
  return new BrokerError(
    'unavailable',
    'the API key is not known, but this API is still making its own known; ask again',
    { retryAfterSeconds: 1 },
  );
}

function refusal(key: string | undefined): BrokerError {
  return new BrokerError(
    'unauthenticated',
    key === undefined
      ? 'no API key; send one as "Authorization: Bearer <key>" or "x-api-key: <key>"'
      : 'the API key is not known here; check that it is whole and belongs to this broker',
  );
}
