import { BrokerError, isObject } from '@understudy/contracts';
import type { JsonObject } from '@understudy/contracts';

export interface InputItem extends JsonObject {
  id: string;
}

/**
 * What a Response was asked with, as a list of items in their order. An item that came without an
 * id gets one that is the same each time.
 * @param input the request's member: a text, or items
 * @param suffix the characters of the Response's id
 */
export function inputItems(input: unknown, suffix: string): InputItem[] {
  const given = typeof input === 'string' ? [{ role: 'user', content: input }] : input;
  if (!Array.isArray(given)) return [];
  return given.filter(isObject).map((item, index) => inputItem(item, `${suffix}${index}`));
}

function inputItem(item: JsonObject, suffix: string): InputItem {
  const type = typeof item['type'] === 'string' ? item['type'] : 'message';
  const id = typeof item['id'] === 'string' ? item['id'] : `${prefixOf(type)}_${suffix}`;
  if (type !== 'message') return { ...item, id };
  return { status: 'completed', ...item, id, type, content: contentParts(item) };
}

function prefixOf(type: string): string {
  return type === 'message' ? 'msg' : 'item';
}

function contentParts({ role, content }: JsonObject): unknown {
  if (typeof content !== 'string') return content ?? [];
  return role === 'assistant'
    ? [{ type: 'output_text', text: content, annotations: [] }]
    : [{ type: 'input_text', text: content }];
}

export interface InputItemQuery {
  order: 'asc' | 'desc';
  limit: number;
  /** Id of the last item seen. */
  after?: string | undefined;
}

/** One page of items. @throws BrokerError 400 when there is no item to go on after */
export function inputItemPage(items: readonly InputItem[], query: InputItemQuery) {
  const ordered = query.order === 'asc' ? items : items.toReversed();
  const start = query.after === undefined ? 0 : placeAfter(ordered, query.after);
  const data = ordered.slice(start, start + query.limit);
  return {
    object: 'list',
    data,
    first_id: data[0]?.id ?? '',
    last_id: data.at(-1)?.id ?? '',
    has_more: start + query.limit < ordered.length,
  };
}

function placeAfter(items: readonly InputItem[], after: string): number {
  const place = items.findIndex(({ id }) => id === after);
  if (place >= 0) return place + 1;
  throw new BrokerError(
    'invalid_request',
    `after is "${after.slice(0, 100)}", which is no item of this response; name one, or none`,
    { param: 'after' },
  );
}
