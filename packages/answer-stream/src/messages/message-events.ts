import type { JsonObject } from '@understudy/provider';
import { objectAt, objectsAt } from '@understudy/provider';
import { blockEvents } from './block-events.ts';

export interface MessageEvent extends JsonObject {
  type: string;
}

/** Totals that the end of a stream tells again, as Anthropic does. */
const TOTALS = [
  'input_tokens',
  'cache_creation_input_tokens',
  'cache_read_input_tokens',
  'output_tokens',
  'output_tokens_details',
  'server_tool_use',
];

/** The events of a message, from `message_start` to `message_stop`. */
export function* messageEvents(answer: JsonObject): Generator<MessageEvent> {
  const { stop_reason, stop_sequence, stop_details, content: _content, ...members } = answer;
  const usage = objectAt(answer, 'usage');
  yield {
    type: 'message_start',
    message: {
      ...members,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      // Readers add the tokens of the end to those of the start.
      usage: { ...usage, output_tokens: 0 },
    },
  };
  for (const [index, block] of (objectsAt(answer, 'content') ?? []).entries()) {
    yield* blockEvents(block, index);
  }
  yield {
    type: 'message_delta',
    delta: {
      stop_reason: stop_reason ?? null,
      stop_sequence: stop_sequence ?? null,
      ...(stop_details === undefined ? {} : { stop_details }),
    },
    usage: {
      output_tokens: 0,
      ...Object.fromEntries(Object.entries(usage).filter(([name]) => TOTALS.includes(name))),
    },
  };
  yield { type: 'message_stop' };
}
