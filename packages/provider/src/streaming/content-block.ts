import { parseExactJson } from '@understudy/contracts';
import { isObject, type JsonObject } from '../dialects/json-reading.ts';

/**
 * One block of a streamed message: what it began with, and what its deltas added. Pieces are
 * kept apart and joined once, so that a long block costs no more than its length.
 */
export class ContentBlock {
  readonly #start: JsonObject;
  readonly #texts = new Map<string, string[]>();
  readonly #inputJson: string[] = [];
  readonly #citations: unknown[] = [];
  #replaced: JsonObject = {};

  constructor(start: JsonObject) {
    this.#start = start;
  }

  /** False for a delta that lacks what its type promises. */
  take(delta: JsonObject): boolean {
    const { type, ...members } = delta;
    switch (type) {
      case 'text_delta':
        return this.#append('text', delta['text']);
      case 'thinking_delta':
        return this.#append('thinking', delta['thinking']);
      case 'input_json_delta':
        return push(this.#inputJson, delta['partial_json']);
      case 'citations_delta':
        if (isObject(delta['citation'])) this.#citations.push(delta['citation']);
        return isObject(delta['citation']);
      default:
        // `signature_delta` and `compaction_delta` carry a member's final value; a type that is
        // not known yet most likely does too.
        this.#replaced = { ...this.#replaced, ...members };
        return true;
    }
  }

  /**
   * The whole block; undefined when its tool input is no JSON.
   * @param cutShort the model may have been stopped within the input; the block then keeps the
   * empty one that it began with, as half of a call must not be carried out
   */
  finish(cutShort: boolean): JsonObject | undefined {
    const input = this.#input(cutShort);
    if (input === undefined) return undefined;
    const texts = [...this.#texts].map(([name, pieces]) => [name, pieces.join('')]);
    return {
      ...this.#start,
      ...Object.fromEntries(texts),
      ...this.#replaced,
      ...input,
      ...(this.#citations.length > 0 && { citations: this.#allCitations() }),
    };
  }

  #append(member: string, piece: unknown): boolean {
    const began = this.#start[member];
    const pieces = this.#texts.get(member) ?? [typeof began === 'string' ? began : ''];
    this.#texts.set(member, pieces);
    return push(pieces, piece);
  }

  #input(cutShort: boolean): { input?: unknown } | undefined {
    const json = this.#inputJson.join('');
    // A tool without parameters sends nothing, or one empty piece.
    if (json === '') return {};
    try {
      return { input: parseExactJson(json) };
    } catch {
      return cutShort ? {} : undefined;
    }
  }

  #allCitations(): unknown[] {
    const began = this.#start['citations'];
    return [...(Array.isArray(began) ? began : []), ...this.#citations];
  }
}

function push(pieces: string[], piece: unknown): boolean {
  if (typeof piece !== 'string') return false;
  pieces.push(piece);
  return true;
}
