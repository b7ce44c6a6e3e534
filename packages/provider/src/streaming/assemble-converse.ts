import { isObject, type JsonObject, objectAt, textAt } from '../dialects/json-reading.ts';
import { ConverseBlock } from './converse-block.ts';
import type { StreamFault } from './stream-events.ts';

type Assembled = { ok: true; answer: JsonObject } | { ok: false; fault: StreamFault };

/** Reasons to stop after which every block is whole; others may end within a tool's input. */
const COMPLETE: ReadonlySet<string> = new Set(['end_turn', 'tool_use', 'stop_sequence']);

/**
 * Puts the events of one `ConverseStream` together to the answer of `Converse`. What is used and
 * how long it took comes last, after the reason to stop; a stream without both is truncated.
 * @param events each with its type as the only member
 */
export function assembleConverse(events: readonly JsonObject[]): Assembled {
  const answer = new StreamedAnswer();
  for (const event of events) {
    if (!answer.take(event)) return { ok: false, fault: 'invalid_answer' };
  }
  return answer.finish();
}

class StreamedAnswer {
  #role: string | undefined;
  #stop: JsonObject | undefined;
  #metadata: JsonObject | undefined;
  /** By the stream's own index, which need not be gapless. */
  readonly #blocks = new Map<number, ConverseBlock>();

  /** False when the event cannot follow those before it. */
  take({ messageStart, contentBlockStart, contentBlockDelta, ...rest }: JsonObject): boolean {
    if (isObject(messageStart)) return this.#start(messageStart);
    if (isObject(contentBlockStart)) {
      return this.#blockOf(contentBlockStart)?.open(objectAt(contentBlockStart, 'start')) ?? false;
    }
    if (isObject(contentBlockDelta)) {
      return this.#blockOf(contentBlockDelta)?.take(objectAt(contentBlockDelta, 'delta')) ?? false;
    }
    const { messageStop, metadata } = rest;
    if (isObject(messageStop)) this.#stop = withoutPadding(messageStop);
    if (isObject(metadata)) this.#metadata = withoutPadding(metadata);
    return true;
  }

  finish(): Assembled {
    if (this.#stop === undefined || this.#metadata === undefined) {
      return { ok: false, fault: 'truncated_answer' };
    }
    if (this.#role === undefined) return { ok: false, fault: 'invalid_answer' };
    const cutShort = !COMPLETE.has(textAt(this.#stop, 'stopReason') ?? '');
    const content = [...this.#blocks.values()].map((block) => block.finish(cutShort));
    if (content.includes(undefined)) return { ok: false, fault: 'invalid_answer' };
    const output = { message: { role: this.#role, content } };
    return { ok: true, answer: { output, ...this.#stop, ...this.#metadata } };
  }

  #start(message: JsonObject): boolean {
    if (this.#role !== undefined) return false;
    this.#role = textAt(message, 'role');
    return this.#role !== undefined;
  }

  // A block of text begins with its first delta; only tools announce themselves.
  #blockOf({ contentBlockIndex: index }: JsonObject): ConverseBlock | undefined {
    if (this.#role === undefined || typeof index !== 'number') return undefined;
    const block = this.#blocks.get(index) ?? new ConverseBlock();
    this.#blocks.set(index, block);
    return block;
  }
}

/** `p` fills events up to lengths that tell nothing of the answer to who listens on the wire. */
function withoutPadding(event: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(event).filter(([name]) => name !== 'p'));
}
