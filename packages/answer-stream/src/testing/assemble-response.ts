import { isObject } from '@understudy/provider';
import type { JsonObject } from '@understudy/provider';

type Node = Record<string, unknown>;

/** Where each kind of delta adds its text: in a list of the item, and under which name. */
const TEXTS: Readonly<Record<string, { list?: 'content' | 'summary'; name: string }>> = {
  'response.output_text.delta': { list: 'content', name: 'text' },
  'response.refusal.delta': { list: 'content', name: 'refusal' },
  'response.reasoning_text.delta': { list: 'content', name: 'text' },
  'response.reasoning_summary_text.delta': { list: 'summary', name: 'text' },
  'response.function_call_arguments.delta': { name: 'arguments' },
  'response.mcp_call_arguments.delta': { name: 'arguments' },
  'response.custom_tool_call_input.delta': { name: 'input' },
};

/**
 * The output of a Response by its beginnings and deltas alone: events that tell a whole part, item
 * or Response are passed over, so what the pieces lack is lacking here.
 */
export function assembleResponse(events: Iterable<JsonObject>): Node[] {
  const items: Node[] = [];
  for (const event of events) {
    if (event['type'] === 'response.output_item.added') {
      items.push(structuredClone(nodeOf(event['item'])));
      continue;
    }
    const item = items[Number(event['output_index'])];
    if (item === undefined) continue;
    const text = TEXTS[String(event['type'])];
    if (event['type'] === 'response.content_part.added') partsOf(item, 'content').push(part(event));
    else if (event['type'] === 'response.reasoning_summary_part.added')
      partsOf(item, 'summary').push(part(event));
    else if (event['type'] === 'response.output_text.annotation.added')
      listOf(partOf(item, 'content', event), 'annotations').push(event['annotation']);
    else if (text !== undefined)
      add(text.list ? partOf(item, text.list, event) : item, text, event);
  }
  return items;
}

function add(to: Node, { name }: { name: string }, { delta, logprobs }: JsonObject): void {
  to[name] = `${String(to[name])}${String(delta)}`;
  if (Array.isArray(logprobs) && logprobs.length > 0) listOf(to, 'logprobs').push(...logprobs);
}

function part(event: JsonObject): Node {
  return structuredClone(nodeOf(event['part']));
}

function partOf(item: Node, list: 'content' | 'summary', event: JsonObject): Node {
  const index = list === 'content' ? event['content_index'] : event['summary_index'];
  return nodeOf(partsOf(item, list)[Number(index)]);
}

function partsOf(item: Node, list: 'content' | 'summary'): unknown[] {
  return listOf(item, list);
}

function listOf(node: Node, name: string): unknown[] {
  const list = node[name];
  if (!Array.isArray(list)) throw new Error(`"${name}" is no list`);
  return list;
}

function nodeOf(value: unknown): Node {
  if (!isObject(value)) throw new Error('the event names what is not there');
  return value;
}
