import { setTimeout as delay } from 'node:timers/promises';
import fastify, { type FastifyInstance } from 'fastify';
import { anthropicVendor } from './anthropic-vendor.ts';
import { databricksVendor } from './databricks-vendor.ts';
import { openaiVendor } from './openai-vendor.ts';
import { sandboxConfiguration } from './sandbox-configuration.ts';
import { statusCodesStory } from './status-codes-story.ts';
import { vertexVendor } from './vertex-vendor.ts';

/** Providers take requests of up to 32 MB; what the broker lets through must not fail here. */
const BODY_LIMIT_BYTES = 64 * 1024 * 1024;

/**
 * The sandbox vendors as one HTTP server that does not listen yet. Each vendor has a path prefix;
 * `GET /sandbox/configuration` answers with the configuration file that uses them all.
 * @param latencyMs asked once per call: how long the made-up model thinks
 */
export function createSandboxServer(latencyMs: () => number): FastifyInstance {
  const app = fastify({ bodyLimit: BODY_LIMIT_BYTES, forceCloseConnections: true });
  app.addHook('preHandler', async (request) => {
    if (request.method === 'POST') await delay(latencyMs());
  });
  app.get('/sandbox/configuration', (request, reply) => {
    const { localAddress, localPort } = request.socket;
    const url = `http://${localAddress}:${localPort}`;
    return reply.type('application/yaml').send(sandboxConfiguration(url));
  });
  register(app, '/openai/v1', openaiVendor());
  register(app, '/anthropic', anthropicVendor);
  register(app, '/vertex', vertexVendor);
  // A workspace is known by its host alone, so its paths stand at the root.
  register(app, '', databricksVendor);
  register(app, '/status-codes/v1', openaiVendor({ refuse: statusCodesStory() }));
  return app;
}

function register(
  app: FastifyInstance,
  prefix: string,
  vendor: (vendorApp: FastifyInstance) => void,
): void {
  void app.register(
    (vendorApp, _options, done) => {
      vendor(vendorApp);
      done();
    },
    { prefix },
  );
}
