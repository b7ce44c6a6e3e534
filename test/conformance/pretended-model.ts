import { LLMock, isChatCompletionBody, type ChatCompletionRequest } from '@copilotkit/aimock';
import { findTicket } from './tickets.ts';

/** What the pretended model says, whichever vendor's words it says it in. */
export const SAID = {
  plain: 'Paris is sunny.',
  'multi-turn': 'Sunny in Paris, rain in Oslo.',
  /** Arguments of the tool call, and members of the JSON. */
  forecast: { city: 'Paris', days: 2 },
} as const;

export const USAGE = { input: 21, output: 8 } as const;

const USAGE_OF_AIMOCK = {
  prompt_tokens: USAGE.input,
  completion_tokens: USAGE.output,
  total_tokens: USAGE.input + USAGE.output,
};

/** How a schema is asked for where the vendor has none: as the one tool to be called. */
const SCHEMA_TOOL = 'json';

/** Aimock on a free port of loopback, with one model that answers a ticket's case everywhere. */
export async function startPretendedModel(): Promise<LLMock> {
  const aimock = new LLMock({ port: 0, host: '127.0.0.1', logLevel: 'silent' });
  aimock.on({ endpoint: 'chat' }, answer);
  await aimock.start();
  return aimock;
}

function answer(request: ChatCompletionRequest) {
  const ticket = findTicket(JSON.stringify(request.messages)) ?? '';
  const usage = USAGE_OF_AIMOCK;
  switch (ticket.split(':').at(-1) ?? '') {
    case 'tool-call':
      return { toolCalls: [{ name: 'weather', arguments: JSON.stringify(SAID.forecast) }], usage };
    case 'multi-turn':
      return { content: SAID['multi-turn'], usage };
    case 'json-schema': {
      const json = JSON.stringify(SAID.forecast);
      const asTool = request.tools?.some(({ function: { name } }) => name === SCHEMA_TOOL) ?? false;
      return asTool
        ? { toolCalls: [{ name: SCHEMA_TOOL, arguments: json }], usage }
        : { content: json, usage };
    }
    default:
      return { content: SAID.plain, usage };
  }
}

/** What aimock understood of the call that carried the ticket. @throws Error unless it was one */
export function understood(aimock: LLMock, ticket: string): ChatCompletionRequest {
  const entries = aimock.getRequests().filter(({ headers }) => headers['x-test-id'] === ticket);
  const [entry] = entries;
  if (entry === undefined || entries.length > 1 || !isChatCompletionBody(entry.body)) {
    throw new Error(`aimock understood ${entries.length} calls of ${ticket}, not one`);
  }
  return entry.body;
}
