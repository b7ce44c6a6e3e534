import type { JsonObject } from '@understudy/provider';
import { isObject, objectsAt } from '@understudy/provider';
import { cutText } from '../cut-text.ts';
import { contentPartEvents, summaryPartEvents } from './part-events.ts';
import type { EventPlace, PlainEvent } from './plain-event.ts';

/** An item as it begins, and what happens to it until it is done. */
interface Course {
  start: JsonObject;
  events: Iterable<PlainEvent>;
}

/** Kinds of items that come in pieces; all others come whole, when they begin and when they end. */
const COURSES: Readonly<Record<string, (item: JsonObject, place: EventPlace) => Course>> = {
  message: messageCourse,
  reasoning: reasoningCourse,
  function_call: (item, place) => textCourse(item, place, 'function_call_arguments', 'arguments'),
  mcp_call: (item, place) => textCourse(item, place, 'mcp_call_arguments', 'arguments'),
  custom_tool_call: (item, place) => textCourse(item, place, 'custom_tool_call_input', 'input'),
};

/** The events of one item of a Response's output. */
export function* itemEvents(item: JsonObject, index: number): Generator<PlainEvent> {
  const { start, events } = courseOf(item, index);
  yield { type: 'response.output_item.added', output_index: index, item: start };
  yield* events;
  yield { type: 'response.output_item.done', output_index: index, item };
}

function courseOf(item: JsonObject, index: number): Course {
  const { id, type } = item;
  const course = COURSES[String(type)];
  // Pieces name the item that they belong to.
  if (course === undefined || typeof id !== 'string' || id === '')
    return { start: item, events: [] };
  const { start, events } = course(item, { item_id: id, output_index: index });
  const status = item['status'] === undefined ? {} : { status: 'in_progress' };
  return { start: { ...start, ...status }, events };
}

function messageCourse(item: JsonObject, place: EventPlace): Course {
  return { start: { ...item, content: [] }, events: partsEvents(item, 'content', place) };
}

function reasoningCourse(item: JsonObject, place: EventPlace): Course {
  const { content } = item;
  return {
    start: { ...item, summary: [], ...(Array.isArray(content) ? { content: [] } : {}) },
    events: reasoningEvents(item, place),
  };
}

function* reasoningEvents(item: JsonObject, place: EventPlace): Generator<PlainEvent> {
  yield* partsEvents(item, 'content', place);
  for (const [index, part] of (objectsAt(item, 'summary') ?? []).entries()) {
    yield* summaryPartEvents(part, { ...place, summary_index: index });
  }
}

function* partsEvents(item: JsonObject, name: string, place: EventPlace): Generator<PlainEvent> {
  for (const [index, part] of (objectsAt(item, name) ?? []).entries()) {
    yield* contentPartEvents(part, { ...place, content_index: index });
  }
}

function textCourse(item: JsonObject, place: EventPlace, event: string, name: string): Course {
  const text = item[name];
  if (typeof text !== 'string') return { start: item, events: [] };
  return { start: { ...item, [name]: '' }, events: textEvents(item, text, place, event, name) };
}

function* textEvents(
  item: JsonObject,
  text: string,
  place: EventPlace,
  event: string,
  name: string,
): Generator<PlainEvent> {
  for (const delta of cutText(text)) yield { type: `response.${event}.delta`, ...place, delta };
  // Only one generation of OpenAI's types has the name here, as a member that must be there.
  const called = typeof item['name'] === 'string' ? { name: item['name'] } : {};
  yield { type: `response.${event}.done`, ...place, ...called, [name]: text };
  if (item['type'] !== 'mcp_call') return;
  const failed = isObject(item['error']) || typeof item['error'] === 'string';
  yield { type: failed ? 'response.mcp_call.failed' : 'response.mcp_call.completed', ...place };
}
