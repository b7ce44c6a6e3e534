import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import type { QueueViews } from '@understudy/queue';

type Board = ReturnType<typeof createBullBoard>;
type ServerAdapter = Parameters<typeof createBullBoard>[0]['serverAdapter'];
type ApiRoute = Parameters<ServerAdapter['setApiRoutes']>[0][number];
type ApiRequest = NonNullable<Parameters<ApiRoute['handler']>[0]>;
type UiConfig = Parameters<ServerAdapter['setUIConfig']>[0];

/** A question of the board's page about the queues. */
interface BoardQuestion {
  /** Path below the board's own. */
  path: string;
  answer(request: {
    params: Record<string, string>;
    query: Record<string, string>;
  }): Promise<{ status: number; body: unknown }>;
}

export interface QueueBoard {
  /** Paths of the board at which a browser gets the page. */
  pages: string[];
  questions: BoardQuestion[];
  /** What the page is told of itself. */
  uiConfig: object;
  /** Shows these providers' queues from now on. */
  show(providers: readonly string[]): void;
}

/** Members of our entries, which name a job or an endpoint and nothing of it. */
const SHOWN_MEMBERS = ['v', 'project', 'id', 'turn', 'endpoint'];

/**
 * Bull Board over the queues, for looking alone: what changes something is left out of its routes,
 * and each queue says of itself that it is only to be read.
 */
export function createQueueBoard(queues: QueueViews): QueueBoard {
  const found: { pages: string[]; questions: BoardQuestion[]; uiConfig: UiConfig } = {
    pages: [],
    questions: [],
    uiConfig: {},
  };
  let shown: ApiRequest['queues'] = new Map();
  const adapter: ServerAdapter = {
    setQueues: (given) => {
      shown = given;
      return adapter;
    },
    setUIConfig: (config) => {
      found.uiConfig = config;
      return adapter;
    },
    setEntryRoute: ({ route }) => {
      found.pages = [route].flat();
      return adapter;
    },
    setApiRoutes: (routes) => {
      const looks = routes.filter(({ method }) => [method].flat().every((name) => name === 'get'));
      found.questions = looks.flatMap(({ route, handler }) =>
        [route].flat().map((path) => ({
          path,
          answer: async ({ params, query }) => {
            const { uiConfig } = found;
            const { status = 200, body } = await handler({
              queues: shown,
              uiConfig,
              params,
              query,
              body: {},
              headers: {},
            });
            return { status, body };
          },
        })),
      );
      return adapter;
    },
    setStaticPath: () => adapter,
    setViewsPath: () => adapter,
    setErrorHandler: () => adapter,
  };
  const board: Board = createBullBoard({
    queues: [],
    serverAdapter: adapter,
    options: {
      // Unset, the package evaluates a text to find its own pages.
      uiBasePath: '.',
      uiConfig: {
        boardTitle: 'Understudy: queues',
        hideDocsLink: true,
        // BullMQ finds workers by the names of connections, which ours do not have.
        showWorkers: false,
        locale: { lng: 'en-US' },
      },
    },
  });

  let names = '';
  return {
    ...found,
    show: (providers) => {
      const wanted = providers.join('\n');
      if (wanted === names && shown.size > 0) return;
      names = wanted;
      board.replaceQueues([
        ...providers.map((name) =>
          adapterOf(queues.ofProvider(name), name, 'Turns of jobs at this provider'),
        ),
        // A provider may be named like this queue.
        adapterOf(queues.ofWebhooks(), 'webhook deliveries', 'Turns of endpoints', 'deliveries:'),
      ]);
    },
  };
}

function adapterOf(
  queue: ConstructorParameters<typeof BullMQAdapter>[0],
  displayName: string,
  description: string,
  prefix = '',
): BullMQAdapter {
  const adapter = new BullMQAdapter(queue, {
    readOnlyMode: true,
    displayName,
    description,
    prefix,
  });
  adapter.setFormatter('data', shownMembers);
  return adapter;
}

function shownMembers(data: unknown): object {
  const members = Object.entries(typeof data === 'object' && data !== null ? data : {});
  return Object.fromEntries(members.filter(([name]) => SHOWN_MEMBERS.includes(name)));
}
