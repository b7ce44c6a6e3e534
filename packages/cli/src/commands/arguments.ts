import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { isDuration, LONGEST_TIMER, parseDuration } from '@understudy/configuration';
import {
  endpointSchema,
  eventTypeSchema,
  type Endpoint,
  DIALECT_BY_ENDPOINT,
  type EventType,
} from '@understudy/contracts';
import { z } from 'zod';

const SHORT_ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  chat: '/v1/chat/completions',
  responses: '/v1/responses',
  messages: '/v1/messages',
  embeddings: '/v1/embeddings',
};

/** Which dialect a request is in, chat completions unless told. */
export const endpointOption = new Option(
  '-e, --endpoint <name>',
  `dialect of the request: ${Object.keys(SHORT_ENDPOINTS).join(', ')}`,
)
  .argParser(readEndpoint)
  .default('/v1/chat/completions' as const, 'chat');

/** `chat`, the dialect's name `chat-completions`, or the whole path. */
export function readEndpoint(text: string): Endpoint {
  const byDialect = endpointSchema.options.find((path) => DIALECT_BY_ENDPOINT[path] === text);
  const parsed = endpointSchema.safeParse(SHORT_ENDPOINTS[text] ?? byDialect ?? text);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(`Give one of ${Object.keys(SHORT_ENDPOINTS).join(', ')}.`);
}

export function readDuration(text: string): string {
  if (isDuration(text)) return text;
  throw new InvalidArgumentError('Give a number and a unit, such as 30s, 10m or 24h.');
}

/** How long a command waits. */
export function readTimeout(text: string): string {
  if (isDuration(text) && parseDuration(text) <= parseDuration(LONGEST_TIMER)) return text;
  throw new InvalidArgumentError(`Give a duration such as 30s or 2h, at most ${LONGEST_TIMER}.`);
}

/** The same as the client takes it: as long as it takes where none is given. */
export function waitLimit(timeout: string | undefined): { timeoutMs?: number } {
  return timeout === undefined ? {} : { timeoutMs: parseDuration(timeout) };
}

/** How long a batch may take, as the broker takes it. */
export function readWindow(text: string): string {
  const given = isDuration(text) ? parseDuration(text) : 0;
  if (given >= parseDuration('1h') && given <= parseDuration('7d')) return text;
  throw new InvalidArgumentError('Give a duration from 1h to 7d.');
}

export function readCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new InvalidArgumentError('Give a whole number above 0.');
}

export function readNumber(text: string): number {
  const number = Number(text);
  if (text.trim() !== '' && Number.isFinite(number)) return number;
  throw new InvalidArgumentError('Give a number.');
}

/** Of money. */
export function readAmount(text: string): number {
  const amount = readNumber(text);
  if (amount > 0) return amount;
  throw new InvalidArgumentError('Give an amount above 0.');
}

const PRIORITY_NAMES = ['high', 'normal', 'low'] as const;
export type GivenPriority = (typeof PRIORITY_NAMES)[number] | number;

/** A name, or 0 to 9 with 0 first. */
export function readPriority(text: string): GivenPriority {
  const name = PRIORITY_NAMES.find((known) => known === text);
  if (name !== undefined) return name;
  if (/^[0-9]$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Give high, normal, low or 0 to 9.');
}

/** Collects `key=value` of every time the option is given. */
export function readPair(
  text: string,
  earlier: Record<string, string> | undefined,
): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Give key=value.');
  return { ...earlier, [text.slice(0, at)]: text.slice(at + 1) };
}

/** Splits `a,b,c`, also over several options. */
export function readList(text: string, earlier: readonly string[] | undefined): string[] {
  const items = text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  return [...(earlier ?? []), ...items];
}

export function readEventType(text: string): EventType {
  const parsed = eventTypeSchema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(`Give ${eventTypeSchema.options.join(', ')}.`);
}

/** Several, separated by commas. */
export function readEventTypes(text: string, earlier: EventType[] | undefined): EventType[] {
  return [...(earlier ?? []), ...readList(text, undefined).map(readEventType)];
}

/** Not those in OpenAI's shape, which tell webhooks of the same jobs once more. */
const streamTypeSchema = eventTypeSchema.exclude([
  'response.completed',
  'response.failed',
  'response.cancelled',
  'response.incomplete',
]);
type StreamType = z.infer<typeof streamTypeSchema>;

/** What streams tell. */
export const STREAM_TYPES: readonly StreamType[] = streamTypeSchema.options;

/** Several that streams tell, separated by commas. */
export function readStreamTypes(text: string, earlier: StreamType[] | undefined): StreamType[] {
  const parsed = z.array(streamTypeSchema).safeParse(readList(text, undefined));
  if (parsed.success) return [...(earlier ?? []), ...parsed.data];
  throw new InvalidArgumentError(`Give ${STREAM_TYPES.join(', ')}.`);
}
