import type { Job, NewJob } from '../../api/contract.ts';

export type Endpoint = Job['endpoint'];

export const ENDPOINTS: readonly Endpoint[] = [
  '/v1/chat/completions',
  '/v1/messages',
  '/v1/responses',
  '/v1/embeddings',
];

export interface DraftMessage {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

/** What is written in the form. */
export interface JobDraft {
  endpoint: Endpoint;
  model: string;
  messages: readonly DraftMessage[];
  priority: string;
  expiresIn: string;
  /** One `key: value` a line. */
  metadata: string;
}

/** A vendor's request: whatever that vendor takes, for a model. */
export type RequestBody = NewJob['body'];

/** Anthropic's API takes no request without it. */
const MESSAGES_MAX_TOKENS = 1024;

/** The request of the vendor's own dialect, as the form has it. */
export function draftBody({ endpoint, model, messages }: JobDraft): RequestBody {
  const turns = messages.filter(({ content }) => content.trim() !== '');
  const said = turns.filter(({ role }) => role !== 'system');
  const system = turns.filter(({ role }) => role === 'system').map(({ content }) => content);
  const instructions = system.length === 0 ? undefined : system.join('\n\n');
  const bodies: Record<Endpoint, RequestBody> = {
    '/v1/chat/completions': { model, messages: turns },
    '/v1/messages': {
      model,
      max_tokens: MESSAGES_MAX_TOKENS,
      ...(instructions === undefined ? {} : { system: instructions }),
      messages: said,
    },
    '/v1/responses': {
      model,
      ...(instructions === undefined ? {} : { instructions }),
      input: said,
    },
    '/v1/embeddings': { model, input: turns.map(({ content }) => content) },
  };
  return bodies[endpoint];
}

/** The parts of a new job that the form knows. */
export interface Submitted {
  endpoint: Endpoint;
  body: RequestBody;
  priority?: 'high' | 'normal' | 'low';
  expires_in?: string;
  metadata?: Record<string, string>;
}

/**
 * What is submitted. @param bodyText of the request, where it was written as JSON
 * @throws Error that says what is wrong with what was written
 */
export function submittedOf(draft: JobDraft, bodyText: string | undefined): Submitted {
  const { endpoint, priority, expiresIn } = draft;
  const metadata = readMetadata(draft.metadata);
  return {
    endpoint,
    body: bodyText === undefined ? draftBody(draft) : readBody(bodyText),
    ...(priority === 'high' || priority === 'low' ? { priority } : {}),
    ...(expiresIn.trim() === '' ? {} : { expires_in: expiresIn.trim() }),
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
  };
}

function readBody(text: string): RequestBody {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (error) {
    throw new Error(`The request is no JSON: ${error instanceof Error ? error.message : ''}`, {
      cause: error,
    });
  }
  if (!isRequest(body)) throw new Error('The request must be a JSON object with a "model".');
  return body;
}

function isRequest(value: unknown): value is RequestBody {
  return (
    typeof value === 'object' && value !== null && typeof Reflect.get(value, 'model') === 'string'
  );
}

function readMetadata(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return Object.fromEntries(
    lines.map((line) => {
      const [, key, value] = /^\s*([^:]+?)\s*:\s*(.*?)\s*$/.exec(line) ?? [];
      if (key === undefined || value === undefined) {
        throw new Error(`"${line.trim()}" is no metadata; write key: value, one a line.`);
      }
      return [key, value];
    }),
  );
}
