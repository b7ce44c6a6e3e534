import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import { CONSOLE_FOLDER } from '@understudy/console';
import { BrokerError } from '@understudy/contracts';
import type { FastifyReply } from 'fastify';
import type { ApiApp } from '../api-parts.ts';

/** The page may use its own files and ask its own origin; nothing else, and nobody may frame it. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Files whose names carry a hash of what is in them never change. */
const FOR_EVER = 'public, max-age=31536000, immutable';
/** The page itself names those files, so browsers ask each time whether it is still the same. */
const ASK_EACH_TIME = 'no-cache';

/**
 * The console's files at /console. They hold no data of anybody and are sent without a key; what they
 * show they ask for with the key that their reader gives. Each path that names no file is a view.
 */
export async function addConsoleRoutes(app: ApiApp, folder = CONSOLE_FOLDER): Promise<void> {
  await app.register(async (pages) => {
    await pages.register(fastifyStatic, {
      root: folder,
      serve: false,
      preCompressed: true,
      cacheControl: false,
      dotfiles: 'ignore',
      suppressWarning: true,
    });
    const options = { config: { public: true }, schema: { hide: true } };
    const page = async (_request: unknown, reply: FastifyReply) => {
      if (!existsSync(join(folder, 'index.html'))) throw notBuilt();
      return sendConsoleFile(reply, 'index.html', ASK_EACH_TIME);
    };
    // Who opens the broker's bare address in a browser means the console. Relative, for a proxy's path.
    pages.get('/', options, (_request, reply) => reply.redirect('console'));
    pages.get('/console', options, page);
    pages.get('/console/*', options, page);
    pages.get<{ Params: { '*': string } }>('/console/assets/*', options, (request, reply) =>
      sendConsoleFile(reply, `assets/${request.params['*']}`, FOR_EVER),
    );
    pages.get('/console/mark.svg', options, (_request, reply) =>
      sendConsoleFile(reply, 'mark.svg', ASK_EACH_TIME),
    );
  });
}

function sendConsoleFile(reply: FastifyReply, path: string, caching: string): FastifyReply {
  reply.header('content-security-policy', CONTENT_SECURITY_POLICY);
  reply.header('cache-control', caching);
  return reply.sendFile(path);
}

function notBuilt(): BrokerError {
  return new BrokerError(
    'not_found',
    'the console is not built; run "node packages/console/ensure-built.ts" in the broker\'s folder',
  );
}
