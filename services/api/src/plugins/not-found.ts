import { BrokerError } from '@understudy/contracts';
import type { ApiApp } from '../api-parts.ts';

/** Answers unknown paths with 404, and known ones that were asked by another method with 405. */
export function addNotFound(app: ApiApp): void {
  const methodsByPattern = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ url, method }) => {
    const methods = methodsByPattern.get(url) ?? new Set();
    for (const name of [method].flat()) methods.add(name);
    methodsByPattern.set(url, methods);
  });
  app.setNotFoundHandler((request, reply) => {
    const [path = ''] = request.url.split('?', 1);
    const allowed = [...methodsByPattern]
      .filter(([pattern]) => fits(pattern, path))
      .flatMap(([, methods]) => [...methods]);
    if (allowed.length === 0) {
      throw new BrokerError(
        'not_found',
        'there is nothing at this path; see /docs for what there is',
      );
    }
    reply.header('allow', [...new Set(allowed)].join(', '));
    throw new BrokerError(
      'method_not_allowed',
      `${request.method} is not allowed here; ${allowed.join(', ')} is`,
    );
  });
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
