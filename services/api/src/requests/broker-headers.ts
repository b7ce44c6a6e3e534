import type { IncomingHttpHeaders } from 'node:http';
import { BrokerError, prioritySchema } from '@understudy/contracts';
import {
  callbackInputSchema,
  maxCostSchema,
  metadataSchema,
  providerChoiceSchema,
} from '@understudy/submission';
import type { Submission } from '@understudy/submission';
import { z } from 'zod';
import { PROJECT_HEADER } from './all-projects.ts';

/** What may be asked of the broker beside a vendor's own request, where that has no room for it. */
export interface BrokerOptions {
  priority?: number;
  callback?: NonNullable<Submission['callback']>;
  /** `10m`, or seconds; whether it is a duration in bounds is checked with the submission. */
  expiresIn?: string | number;
  metadata?: Record<string, string>;
  providers?: NonNullable<Submission['providers']>;
  /** In USD. */
  maxCost?: number;
  store?: boolean;
}

const PRIORITY = 'Understudy-Priority';
const CALLBACK_URL = 'Understudy-Callback-Url';
const CALLBACK_EVENTS = 'Understudy-Callback-Events';
const EXPIRES_IN = 'Understudy-Expires-In';
const METADATA = 'Understudy-Metadata';
const PROVIDERS = 'Understudy-Providers';
const MAX_COST = 'Understudy-Max-Cost';
const STORE = 'Understudy-Store';
const KNOWN = [
  PRIORITY,
  CALLBACK_URL,
  CALLBACK_EVENTS,
  EXPIRES_IN,
  METADATA,
  PROVIDERS,
  MAX_COST,
  STORE,
];

const expiresInSchema = z.string().min(1).max(20);

/**
 * The options that travel as `Understudy-*` headers on the vendors' surfaces: a priority, a
 * callback's URL and its events (`job.completed, job.failed`), a life (`10m`, or seconds), metadata
 * (a JSON object of texts), providers (`only=a,b` or `except=a`), the most that it may cost (in USD),
 * and whether request and answer may stay (`true` or `false`).
 * @throws BrokerError 400 that names the header; also for one that does not exist
 */
export function readBrokerHeaders(headers: IncomingHttpHeaders): BrokerOptions {
  refuseUnknown(headers);
  const priority = textOf(headers, PRIORITY);
  const expiresIn = textOf(headers, EXPIRES_IN);
  const metadata = textOf(headers, METADATA);
  const providers = textOf(headers, PROVIDERS);
  const callback = readCallback(headers);
  const maxCost = textOf(headers, MAX_COST);
  const store = textOf(headers, STORE);
  return {
    ...(priority === undefined
      ? {}
      : { priority: checked(PRIORITY, prioritySchema, numberOr(priority)) }),
    ...(callback === undefined ? {} : { callback }),
    ...(expiresIn === undefined
      ? {}
      : { expiresIn: numberOr(checked(EXPIRES_IN, expiresInSchema, expiresIn)) }),
    ...(metadata === undefined
      ? {}
      : { metadata: checked(METADATA, metadataSchema, jsonIn(METADATA, metadata)) }),
    ...(providers === undefined ? {} : { providers: readProviders(providers) }),
    ...(maxCost === undefined
      ? {}
      : { maxCost: checked(MAX_COST, maxCostSchema, numberOr(maxCost)) }),
    ...(store === undefined ? {} : { store: readStore(store) }),
  };
}

/** A misspelt option would be ignored, and its caller would wonder. */
function refuseUnknown(headers: IncomingHttpHeaders): void {
  const known = new Set(KNOWN.map((name) => name.toLowerCase()));
  const unknown = Object.keys(headers).find(
    (name) => name.startsWith('understudy-') && !known.has(name) && name !== PROJECT_HEADER,
  );
  if (unknown === undefined) return;
  throw refusal(unknown.slice(0, 100), `is not known; there are ${KNOWN.join(', ')}`);
}

function readCallback(headers: IncomingHttpHeaders): BrokerOptions['callback'] {
  const url = textOf(headers, CALLBACK_URL);
  const events = textOf(headers, CALLBACK_EVENTS);
  if (url === undefined) {
    if (events === undefined) return undefined;
    throw refusal(CALLBACK_EVENTS, `says what to tell; ${CALLBACK_URL} must say whom`);
  }
  const { url: urlSchema, events: eventsSchema } = callbackInputSchema.shape;
  return {
    url: checked(CALLBACK_URL, urlSchema, url),
    ...(events === undefined
      ? {}
      : { events: checked(CALLBACK_EVENTS, eventsSchema.unwrap(), listIn(events)) }),
  };
}

function readProviders(text: string): NonNullable<BrokerOptions['providers']> {
  const [, rule, names = ''] = /^\s*(only|except)\s*=(.*)$/i.exec(text) ?? [];
  if (rule === undefined) throw refusal(PROVIDERS, 'must read "only=a,b" or "except=a,b"');
  return checked(PROVIDERS, providerChoiceSchema, { [rule.toLowerCase()]: listIn(names) });
}

function readStore(text: string): boolean {
  const wish = text.toLowerCase();
  if (wish === 'true' || wish === 'false') return wish === 'true';
  throw refusal(STORE, 'must be "true" or "false"');
}

/** What a batch cannot do: its answers go to a file, which is kept until it is deleted or lapses. */
export function refuseUnstored({ store }: BrokerOptions): void {
  if (store !== false) return;
  throw refusal(STORE, 'is for single requests; delete the files of a batch once you have them');
}

function textOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name.toLowerCase()];
  return value === undefined ? undefined : String(value).trim();
}

function listIn(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function numberOr(text: string): string | number {
  return /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : text;
}

function jsonIn(header: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refusal(header, 'must be a JSON object of texts, such as {"team": "a"}');
  }
}

function checked<Schema extends z.ZodType>(
  header: string,
  schema: Schema,
  value: unknown,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
  throw refusal(header, `is not valid: ${place.slice(0, 100)}${issue?.message ?? ''}`);
}

function refusal(header: string, problem: string): BrokerError {
  return new BrokerError('invalid_request', `the header ${header} ${problem}`, { param: header });
}
