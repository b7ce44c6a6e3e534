import type { Endpoint, Surface } from '@understudy/contracts';
import { ANTHROPIC_PREFIX, OPENAI_PREFIXES } from '../requests/surfaces.ts';

/** A dialect whose answers can be told as a stream. */
export type StreamedDialect = 'chat-completions' | 'responses' | 'messages';

/** A path at which a vendor's SDK posts a request and waits for the answer. */
export interface CallDoor {
  path: string;
  endpoint: Endpoint;
  surface: Surface;
  /** How an answer is told where the caller asks for a stream; absent where none can be. */
  streamed?: StreamedDialect;
  summary: string;
}

const OPENAI_CALLS: readonly Omit<CallDoor, 'surface'>[] = [
  {
    path: '/chat/completions',
    endpoint: '/v1/chat/completions',
    streamed: 'chat-completions',
    summary: 'OpenAI chat completion; waits for the answer, or gives it as a stream',
  },
  {
    path: '/responses',
    endpoint: '/v1/responses',
    streamed: 'responses',
    summary: 'OpenAI response; waits for the answer, gives it as a stream, or in the background',
  },
  {
    path: '/embeddings',
    endpoint: '/v1/embeddings',
    summary: 'OpenAI embeddings; waits for the answer',
  },
];

export const CALL_DOORS: readonly CallDoor[] = [
  ...OPENAI_PREFIXES.flatMap((prefix) =>
    OPENAI_CALLS.map((call): CallDoor => ({
      ...call,
      path: `${prefix}${call.path}`,
      surface: 'openai',
    })),
  ),
  {
    path: `${ANTHROPIC_PREFIX}/messages`,
    endpoint: '/v1/messages',
    surface: 'anthropic',
    streamed: 'messages',
    summary: 'Anthropic message; waits for the answer, or gives it as a stream',
  },
];
