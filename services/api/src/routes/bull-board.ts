import { BrokerError } from '@understudy/contracts';
import { createQueueViews } from '@understudy/queue';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { helmetHeaders } from '../answers/helmet-headers.ts';
import type { ApiApp, ApiParts } from '../api-parts.ts';
import { boardFiles, boardPage } from '../queue-board/board-page.ts';
import { createQueueBoard } from '../queue-board/queue-board.ts';

const PATH = '/admin/queues';

const NOTHING = ["'none'"];
const OWN = ["'self'"];
const HEADERS = helmetHeaders({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      'default-src': NOTHING,
      'script-src': OWN,
      'worker-src': OWN,
      'style-src': OWN,
      'img-src': OWN,
      'connect-src': OWN,
      'base-uri': OWN,
      'form-action': NOTHING,
      'frame-ancestors': NOTHING,
    },
  },
  frameguard: { action: 'deny' },
  strictTransportSecurity: false,
});

/** The names of the board's files hold a hash of their content, and none of anybody's data. */
const FILES_KEPT = 'private, max-age=86400';

const textsSchema = z.record(z.string(), z.string());

/**
 * Bull Board, for operators who know it: the queues as BullMQ sees them. Opened in a browser, with
 * a key of the scope `admin` as the password. Nothing can be changed by it.
 */
export function addBullBoard(app: ApiApp, { dispatch }: ApiParts): void {
  const { redis, keyPrefix, views } = dispatch;
  const queues = createQueueViews(redis, keyPrefix);
  app.addHook('onClose', () => queues.close());
  const board = createQueueBoard(queues);
  const page = boardPage(PATH, board.uiConfig);
  const files = boardFiles();

  const options = {
    config: { scope: 'admin', basic: true } as const,
    schema: { hide: true },
    onRequest: (_request: unknown, reply: FastifyReply, next: () => void) => {
      reply.headers(HEADERS);
      next();
    },
  };

  for (const path of ['', ...board.pages]) {
    app.get(`${PATH}${path}`, options, async (_request, reply) => {
      reply.header('cache-control', 'no-store').type('text/html; charset=utf-8');
      return reply.serializer(String).send(page);
    });
  }
  for (const { path, answer } of board.questions) {
    app.get(`${PATH}${path}`, options, async ({ params, query }, reply) => {
      board.show(Object.keys(views().settings.providers));
      const { status, body } = await answer({
        params: textsSchema.parse(params),
        query: textsSchema.catch({}).parse(query),
      });
      return reply.code(status).header('cache-control', 'no-store').send(body);
    });
  }
  app.get(`${PATH}/static/*`, options, async ({ params }, reply) => {
    const file = files.get(textsSchema.parse(params)['*'] ?? '');
    if (file === undefined) throw new BrokerError('not_found', 'the board has no such file');
    reply.type(file.contentType).header('cache-control', FILES_KEPT);
    return reply.send(file.read());
  });
}
