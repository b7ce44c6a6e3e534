import { parseExactJson } from '@understudy/contracts';
import { isObject, type JsonObject } from '../dialects/json-reading.ts';

/**
 * One block of a streamed answer of Amazon Bedrock's Converse. Pieces are kept apart and joined
 * once, so that a long block costs no more than its length.
 */
export class ConverseBlock {
  #tool: JsonObject | undefined;
  #other: JsonObject = {};
  readonly #input: string[] = [];
  readonly #text: string[] = [];
  readonly #reasoning: string[] = [];
  readonly #citations: JsonObject[] = [];
  #signature: string | undefined;
  #redacted: string | undefined;

  /** False for a second beginning. */
  open({ toolUse, ...other }: JsonObject): boolean {
    if (this.#tool !== undefined) return false;
    if (isObject(toolUse)) this.#tool = toolUse;
    this.#other = other;
    return true;
  }

  /** False for a delta that lacks what its type promises. */
  take({ text, toolUse, reasoningContent, citation, ...other }: JsonObject): boolean {
    if (text !== undefined) return push(this.#text, text);
    if (isObject(toolUse)) return this.#tool !== undefined && push(this.#input, toolUse['input']);
    if (isObject(reasoningContent)) return this.#reason(reasoningContent);
    if (isObject(citation)) this.#citations.push(citation);
    else this.#other = { ...this.#other, ...other };
    return true;
  }

  /**
   * The block as Converse has it; undefined when a tool's input is no JSON.
   * @param cutShort the model may have been stopped within the input, of which a half must not be
   * carried out: the tool then has none
   */
  finish(cutShort: boolean): JsonObject | undefined {
    if (this.#tool !== undefined) {
      const input = this.#toolInput(cutShort);
      return input && { ...this.#other, toolUse: { ...this.#tool, ...input } };
    }
    if (this.#redacted !== undefined) {
      return { ...this.#other, reasoningContent: { redactedContent: this.#redacted } };
    }
    if (this.#reasoning.length > 0 || this.#signature !== undefined) {
      const signature = this.#signature === undefined ? {} : { signature: this.#signature };
      const reasoningText = { text: this.#reasoning.join(''), ...signature };
      return { ...this.#other, reasoningContent: { reasoningText } };
    }
    const text = this.#text.join('');
    if (this.#citations.length > 0) {
      const citationsContent = { content: [{ text }], citations: this.#citations };
      return { ...this.#other, citationsContent };
    }
    return this.#text.length > 0 ? { ...this.#other, text } : this.#other;
  }

  #reason(delta: JsonObject): boolean {
    const { text, signature, redactedContent } = delta;
    if (text !== undefined) return push(this.#reasoning, text);
    if (typeof redactedContent === 'string') {
      this.#redacted = (this.#redacted ?? '') + redactedContent;
      return true;
    }
    if (typeof signature !== 'string') return false;
    this.#signature = (this.#signature ?? '') + signature;
    return true;
  }

  #toolInput(cutShort: boolean): { input: unknown } | undefined {
    const json = this.#input.join('');
    if (json === '') return { input: {} };
    try {
      return { input: parseExactJson(json) };
    } catch {
      return cutShort ? { input: {} } : undefined;
    }
  }
}

function push(pieces: string[], piece: unknown): boolean {
  if (typeof piece !== 'string') return false;
  pieces.push(piece);
  return true;
}
