import type { NewApiKey } from '@understudy/client';

export const SCOPES = ['submit', 'read', 'admin'] as const;

/** What was filled in, under the names of the fields; those left empty are absent. */
export type KeyFields = Partial<Record<KeyField, string>>;

export const LIMIT_FIELDS = [
  'requests_per_minute',
  'jobs_waiting',
  'spend_per_day',
  'highest_priority',
] as const;
type KeyField = 'project' | 'name' | 'expires_in' | 'routes' | (typeof LIMIT_FIELDS)[number];

/** What the broker is asked for. It checks the values itself. */
export function newKeyOf(fields: KeyFields, scopes: readonly string[]): NewApiKey {
  const { project = 'default', name, expires_in: expiresIn } = fields;
  const limits = limitsOf(fields);
  return {
    project,
    scopes: SCOPES.filter((scope) => scopes.includes(scope)),
    ...(name === undefined ? {} : { name }),
    ...(expiresIn === undefined ? {} : { expires_in: expiresIn }),
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
  };
}

function limitsOf(fields: KeyFields): NonNullable<NewApiKey['limits']> {
  const limits: NonNullable<NewApiKey['limits']> = {};
  for (const name of LIMIT_FIELDS) {
    const text = fields[name];
    if (text !== undefined) limits[name] = Number(text);
  }
  const routes = (fields.routes ?? '').split(/[\s,]+/).filter((route) => route !== '');
  return routes.length === 0 ? limits : { ...limits, routes };
}
