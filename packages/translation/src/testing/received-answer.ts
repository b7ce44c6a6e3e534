import Anthropic from '@anthropic-ai/sdk';
import { receivedByOpenAi } from '../callers/openai/testing/answering-server.ts';
import { answeredWith } from './answering-server.ts';

/** What an application sees of an answer, in whichever dialect it asked. */
export interface SeenAnswer {
  text: string;
  calls: { name: string; input: unknown }[];
  ending: string;
  /** What the model thought, where the dialect shows it. */
  reasoning: string;
  tokens: (number | undefined)[];
}

/** How each vendor's official client reads an answer that was written for it. */
export const CLIENTS = {
  'chat-completions': seenInChat,
  responses: seenInResponses,
  messages: seenInMessages,
};

async function seenInChat(answer: object): Promise<SeenAnswer> {
  const { choices, usage } = await receivedByOpenAi(answer, (client) =>
    client.chat.completions.create({ model: 'any', messages: [] }),
  );
  const [choice] = choices;
  const { message } = choice ?? {};
  const endings = {
    stop: 'done',
    length: 'cut',
    content_filter: 'refused',
    tool_calls: 'calls',
    function_call: '',
  };
  const thoughts: unknown =
    message !== undefined && 'reasoning_content' in message ? message.reasoning_content : '';
  return {
    text: message?.content ?? message?.refusal ?? '',
    calls: (message?.tool_calls ?? []).flatMap((call) =>
      call.type === 'function'
        ? [{ name: call.function.name, input: JSON.parse(call.function.arguments) as unknown }]
        : [],
    ),
    ending: message?.refusal ? 'refused' : endings[choice?.finish_reason ?? 'function_call'],
    reasoning: String(thoughts),
    tokens: [
      usage?.prompt_tokens,
      usage?.completion_tokens,
      usage?.completion_tokens_details?.reasoning_tokens,
    ],
  };
}

async function seenInResponses(answer: object): Promise<SeenAnswer> {
  const response = await receivedByOpenAi(answer, (client) =>
    client.responses.create({ model: 'any', input: '' }),
  );
  const { output, usage, output_text } = response;
  const calls = output.filter((item) => item.type === 'function_call');
  const refusals = output
    .flatMap((item) => (item.type === 'message' ? item.content : []))
    .filter((part) => part.type === 'refusal');
  const summaries = output.flatMap((item) => (item.type === 'reasoning' ? item.summary : []));
  const cut: Record<string, string> = { max_output_tokens: 'cut', content_filter: 'refused' };
  const complete = calls.length > 0 ? 'calls' : 'done';
  const reason = response.incomplete_details?.reason;
  return {
    text: output_text + refusals.map(({ refusal }) => refusal).join(''),
    calls: calls.map((call) => ({ name: call.name, input: JSON.parse(call.arguments) as unknown })),
    ending: refusals.length > 0 ? 'refused' : reason === undefined ? complete : (cut[reason] ?? ''),
    reasoning: summaries.map(({ text }) => text).join(''),
    tokens: [
      usage?.input_tokens,
      usage?.output_tokens,
      usage?.output_tokens_details.reasoning_tokens,
    ],
  };
}

async function seenInMessages(answer: object): Promise<SeenAnswer> {
  const { content, stop_reason, usage } = await answeredWith(answer, (baseURL) =>
    new Anthropic({ apiKey: 'not-a-key', baseURL, maxRetries: 0 }).messages.create({
      model: 'any',
      max_tokens: 1,
      messages: [],
    }),
  );
  const endings: Record<string, string> = {
    end_turn: 'done',
    max_tokens: 'cut',
    refusal: 'refused',
    tool_use: 'calls',
  };
  return {
    text: content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join(''),
    calls: content.flatMap((block) =>
      block.type === 'tool_use' ? [{ name: block.name, input: block.input }] : [],
    ),
    ending: endings[stop_reason ?? ''] ?? '',
    reasoning: content
      .flatMap((block) => (block.type === 'thinking' ? [block.thinking] : []))
      .join(''),
    tokens: [usage.input_tokens, usage.output_tokens, usage.output_tokens_details?.thinking_tokens],
  };
}
