import { BrokerError } from '@understudy/contracts';
import type { ApiApp } from '../api-parts.ts';
import { ANTHROPIC_PREFIX, OPENAI_PREFIXES } from '../requests/surfaces.ts';

/**
 * Answers unknown paths with 404, and known ones that were asked by another method with 405. Where an SDK
 * was given another base URL than ours, the 404 names the path that its call should have gone to.
 */
export function addNotFound(app: ApiApp): void {
  const methodsByPattern = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ url, method }) => {
    const methods = methodsByPattern.get(url) ?? new Set();
    for (const name of [method].flat()) methods.add(name);
    methodsByPattern.set(url, methods);
  });
  const methodsOf = (path: string): string[] =>
    [...methodsByPattern]
      .filter(([pattern]) => fits(pattern, path))
      .flatMap(([, methods]) => [...methods]);
  app.setNotFoundHandler((request, reply) => {
    const [path = ''] = request.url.split('?', 1);
    const allowed = methodsOf(path);
    if (allowed.length === 0) {
      const meant = otherBases(path).find((known) => methodsOf(known).length > 0);
      throw new BrokerError(
        'not_found',
        meant === undefined
          ? 'there is nothing at this path; see /docs for what there is'
          : `there is nothing at this path; what you ask for may be at ${meant}: check the base URL`,
      );
    }
    reply.header('allow', [...new Set(allowed)].join(', '));
    throw new BrokerError(
      'method_not_allowed',
      `${request.method} is not allowed here; allowed: ${allowed.join(', ')}`,
    );
  });
}

/** The same call below each base that there is: one SDK adds the `v1` that another wants in its URL. */
function otherBases(path: string): string[] {
  const call = path.replace(/^(?:\/(?:openai|anthropic|v1)(?=\/))+/, '');
  const bases = path.startsWith('/anthropic/')
    ? [ANTHROPIC_PREFIX, ...OPENAI_PREFIXES]
    : [...OPENAI_PREFIXES, ANTHROPIC_PREFIX];
  return bases.map((base) => `${base}${call}`);
}

function fits(pattern: string, path: string): boolean {
  const wanted = pattern.split('/');
  const given = path.split('/');
  return (
    wanted.length === given.length &&
    wanted.every(
      (part, index) => part === given[index] || (part.startsWith(':') && given[index] !== ''),
    )
  );
}
