import diagnosticsChannel from 'node:diagnostics_channel';
import type { FastifyContextConfig, FastifyInstance, RouteOptions } from 'fastify';

export interface CollectedRoute {
  method: string;
  /** As registered, with `:name` for parameters. */
  url: string;
  config: FastifyContextConfig;
}

function isInitialization(message: unknown): message is { fastify: FastifyInstance } {
  return typeof message === 'object' && message !== null && 'fastify' in message;
}

/**
 * Every route that Fastify registers while `build` runs, those of plugins included. Fastify tells of
 * each new instance on a channel, so none is made before somebody listens.
 */
export async function collectRoutes<Built>(
  build: () => Promise<Built>,
): Promise<{ built: Built; routes: CollectedRoute[] }> {
  const seen: RouteOptions[] = [];
  const listen = (message: unknown): void => {
    if (!isInitialization(message)) return;
    message.fastify.addHook('onRoute', (route) => void seen.push(route));
  };
  diagnosticsChannel.subscribe('fastify.initialization', listen);
  try {
    const built = await build();
    // Read only now: a plugin's own hook may have stated a route's policy after ours ran.
    const routes = seen.flatMap(({ method, url, config = {} }) =>
      [method].flat().map((name) => ({ method: name, url, config })),
    );
    return { built, routes };
  } finally {
    diagnosticsChannel.unsubscribe('fastify.initialization', listen);
  }
}
