import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { RouteHandler } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import type { ApiApp } from '../api-parts.ts';

const CONTENT_SECURITY_POLICY = {
  'default-src': ["'self'"],
  'img-src': ["'self'", 'data:'],
  'style-src': ["'self'", "'unsafe-inline'"],
  'object-src': ["'none'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
};

/**
 * The document at /openapi.json, made from the routes' schemas, and its readable form at /docs.
 * Whoever has no key may ask for it as often as they like, so it is written out once: each time anew
 * it took 10 to 25 ms, in which nobody else was served.
 */
export async function addOpenApi(app: ApiApp): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Understudy',
        description: 'A queue-backed broker for LLM completions: submit a job, and poll or wait.',
        version: '1',
      },
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer' },
          apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
        },
      },
      security: [{ bearer: [] }, { apiKey: [] }],
    },
    transform: jsonSchemaTransform,
  });

  const json = once(() => Buffer.from(JSON.stringify(app.swagger())));
  const sendJson: RouteHandler = (_request, reply) =>
    reply.type('application/json; charset=utf-8').send(json());
  const yaml = once(() => Buffer.from(app.swagger({ yaml: true })));
  const sendYaml: RouteHandler = (_request, reply) => reply.type('application/x-yaml').send(yaml());

  await app.register(async (documentation) => {
    // The pages hold no data of anybody; they are read before one has a key.
    documentation.addHook('onRoute', (route) => {
      route.config = { ...route.config, public: true };
      if (route.url === '/docs/json') route.handler = sendJson;
      if (route.url === '/docs/yaml') route.handler = sendYaml;
    });
    await documentation.register(swaggerUi, {
      routePrefix: '/docs',
      // Without it the page asks a server of the Swagger project about the document.
      uiConfig: { validatorUrl: null },
      staticCSP: CONTENT_SECURITY_POLICY,
    });
    documentation.get('/openapi.json', { schema: { hide: true } }, sendJson);
  });
}

function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}
