import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { listenForTest } from '../../../../test/support/listen-for-test.ts';

/** What stands in for a broker that answers batches. */
export interface BatchBroker {
  url: string;
  /** The content of each upload. */
  uploads: string[];
}

const IDS = /"custom_id":"([^"]+)"/g;

/**
 * Answers each line of a batch with its own name, once it was looked at a first time.
 * @param whileRunning told of each batch before it ends
 * @param ended of the batch at its end, beside its id
 * @param project in which alone all of it is known; whatever is named unless told
 * @param whileFetched told whenever results are asked for, before they are sent
 */
export async function startBatchBroker(
  whileRunning: () => void = () => undefined,
  ended: Record<string, unknown> = {},
  project?: string,
  whileFetched: () => void = () => undefined,
): Promise<BatchBroker> {
  const uploads: string[] = [];
  const looked = new Set<string>();
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method, url = '', headers } = request;
    if (project !== undefined && headers['understudy-project'] !== project) {
      response.writeHead(404, { 'content-type': 'application/json' }).end('{}');
      return;
    }
    const [, kind = '', id = '', part] = url.split('/').slice(1);
    const show = (value: object): void =>
      void response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ created_at: 0, endpoint: '/v1/chat/completions', ...value }));
    if (method === 'POST' && kind === 'files') {
      const bytes = await text(request);
      uploads.push([...bytes.matchAll(IDS)].map(([, line]) => line).join(' '));
      return show({ id: `file-${uploads.length}` });
    }
    if (part === 'content') {
      whileFetched();
      const lines = (uploads[Number(id.slice('file-'.length)) - 1] ?? '').split(' ');
      response.writeHead(200).end(lines.map(resultLine).join(''));
      return;
    }
    if (method === 'POST') {
      await text(request);
      return show({ id: `batch_${uploads.length}`, status: 'validating' });
    }
    if (!looked.has(id)) {
      looked.add(id);
      whileRunning();
      return show({ id, status: 'in_progress' });
    }
    const file = id.replace('batch_', 'file-');
    show({ id, status: 'completed', output_file_id: file, ...ended });
  };
  const url = await listenForTest(
    createServer((request, response) => void answer(request, response)),
  );
  return { url, uploads };
}

function resultLine(id: string): string {
  const message = { content: `answer to ${id}` };
  const response = { status_code: 200, body: { model: 'm', choices: [{ message }] } };
  return `${JSON.stringify({ custom_id: id, response, error: null })}\n`;
}
