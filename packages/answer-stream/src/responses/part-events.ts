import type { JsonObject } from '@understudy/provider';
import { cutText } from '../cut-text.ts';
import type { EventPlace, PlainEvent } from './plain-event.ts';

/** A part as it begins, and what is added to it. */
interface Course {
  start: JsonObject;
  events: Iterable<PlainEvent>;
}

/** Kinds of parts of an item's content that come in pieces; all others come whole. */
const COURSES: Readonly<Record<string, (part: JsonObject, place: EventPlace) => Course>> = {
  output_text: outputTextCourse,
  refusal: (part, place) => textCourse(part, 'refusal', 'refusal', place),
  reasoning_text: (part, place) => textCourse(part, 'text', 'reasoning_text', place),
};

/** The events of one part of a message, or of what a model thought. */
export function* contentPartEvents(part: JsonObject, place: EventPlace): Generator<PlainEvent> {
  const course = COURSES[String(part['type'])];
  const { start, events } = course?.(part, place) ?? { start: part, events: [] };
  yield { type: 'response.content_part.added', ...place, part: start };
  yield* events;
  yield { type: 'response.content_part.done', ...place, part };
}

/** The events of one part of the summary of what a model thought. */
export function* summaryPartEvents(part: JsonObject, place: EventPlace): Generator<PlainEvent> {
  const { start, events } = textCourse(part, 'text', 'reasoning_summary_text', place);
  yield { type: 'response.reasoning_summary_part.added', ...place, part: start };
  yield* events;
  yield { type: 'response.reasoning_summary_part.done', ...place, part };
}

function textCourse(part: JsonObject, name: string, event: string, place: EventPlace): Course {
  const text = part[name];
  if (typeof text !== 'string') return { start: part, events: [] };
  return { start: { ...part, [name]: '' }, events: textEvents(text, name, event, place) };
}

function* textEvents(
  text: string,
  name: string,
  event: string,
  place: EventPlace,
): Generator<PlainEvent> {
  for (const delta of cutText(text)) yield { type: `response.${event}.delta`, ...place, delta };
  yield { type: `response.${event}.done`, ...place, [name]: text };
}

function outputTextCourse(part: JsonObject, place: EventPlace): Course {
  const { text, logprobs } = part;
  if (typeof text !== 'string') return { start: part, events: [] };
  const start = {
    ...part,
    text: '',
    annotations: [],
    ...(Array.isArray(logprobs) ? { logprobs: [] } : {}),
  };
  return { start, events: outputTextEvents(text, part, place) };
}

function* outputTextEvents(
  text: string,
  { logprobs, annotations }: JsonObject,
  place: EventPlace,
): Generator<PlainEvent> {
  const told = Array.isArray(logprobs) ? logprobs : [];
  let untold = told;
  for (const delta of cutText(text)) {
    yield { type: 'response.output_text.delta', ...place, delta, logprobs: untold };
    untold = [];
  }
  if (untold.length > 0) {
    yield { type: 'response.output_text.delta', ...place, delta: '', logprobs: untold };
  }
  for (const [index, annotation] of (Array.isArray(annotations) ? annotations : []).entries()) {
    const at = { ...place, annotation_index: index };
    yield { type: 'response.output_text.annotation.added', ...at, annotation };
  }
  yield { type: 'response.output_text.done', ...place, text, logprobs: told };
}
