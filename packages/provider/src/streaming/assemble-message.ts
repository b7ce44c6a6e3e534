import { isObject, type JsonObject, objectAt, textAt } from '../dialects/json-reading.ts';
import { ContentBlock } from './content-block.ts';
import type { StreamFault } from './stream-events.ts';

type Assembled = { ok: true; answer: JsonObject } | { ok: false; fault: StreamFault };

/**
 * Puts the events of one Messages stream together to the answer that the same call would have
 * had without streaming. Events of unknown types, pings among them, are passed over, as
 * Anthropic asks of readers; a stream without `message_stop` is a truncated answer.
 */
export function assembleMessage(events: readonly JsonObject[]): Assembled {
  const message = new StreamedMessage();
  for (const event of events) {
    if (event['type'] === 'message_stop') return message.finish();
    if (!message.take(event)) return { ok: false, fault: 'invalid_answer' };
  }
  return { ok: false, fault: 'truncated_answer' };
}

class StreamedMessage {
  #members: JsonObject | undefined;
  #usage: JsonObject = {};
  /** By the stream's own index, which need not be gapless. */
  readonly #blocks = new Map<number, ContentBlock>();

  /** False when the event cannot follow those before it. */
  take(event: JsonObject): boolean {
    const type = event['type'];
    if (type === 'message_start') return this.#start(objectAt(event, 'message'));
    if (type === 'message_delta') return this.#change(event);
    if (type === 'content_block_start') return this.#open(event);
    if (type === 'content_block_delta') return this.#extend(event);
    return true;
  }

  finish(): Assembled {
    if (this.#members === undefined) return { ok: false, fault: 'invalid_answer' };
    const cutShort = !COMPLETE.has(textAt(this.#members, 'stop_reason') ?? '');
    const content = [...this.#blocks.values()].map((block) => block.finish(cutShort));
    if (content.includes(undefined)) return { ok: false, fault: 'invalid_answer' };
    return { ok: true, answer: { ...this.#members, content, usage: this.#usage } };
  }

  #start(message: JsonObject): boolean {
    if (this.#members !== undefined || !Array.isArray(message['content'])) return false;
    this.#members = message;
    this.#usage = objectAt(message, 'usage');
    return true;
  }

  // Counts are totals of the whole message: a later one replaces, an absent one leaves as it was.
  #change({ type: _type, delta, usage, ...rest }: JsonObject): boolean {
    if (this.#members === undefined || !isObject(delta)) return false;
    const { container, ...reasons } = delta;
    const later = withoutNull({ container, ...rest });
    this.#members = { ...this.#members, ...reasons, ...later };
    if (isObject(usage)) this.#usage = { ...this.#usage, ...withoutNull(usage) };
    return true;
  }

  #open({ index, content_block: block }: JsonObject): boolean {
    if (this.#members === undefined || typeof index !== 'number') return false;
    if (!isObject(block) || this.#blocks.has(index)) return false;
    this.#blocks.set(index, new ContentBlock(block));
    // The last hop of a server-side fallback names the model that answered.
    const model = block['type'] === 'fallback' && textAt(objectAt(block, 'to'), 'model');
    if (model) this.#members = { ...this.#members, model };
    return true;
  }

  #extend({ index, delta }: JsonObject): boolean {
    const block = typeof index === 'number' ? this.#blocks.get(index) : undefined;
    return block !== undefined && isObject(delta) && block.take(delta);
  }
}

/** Reasons to stop after which every block is whole; others may end within a tool's input. */
const COMPLETE: ReadonlySet<string> = new Set(['end_turn', 'tool_use', 'stop_sequence']);

function withoutNull(members: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== null && value !== undefined),
  );
}
