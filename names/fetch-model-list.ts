import { request } from 'undici';
import type { ListRequest, ModelList } from './model-lists.ts';

const TIMEOUT_MS = 20_000;
const MOST_PAGES = 50;
const KEY = '${KEY}';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A list could not be had; the message never holds a key. */
export class ModelListError extends Error {
  override name = 'ModelListError';
}

/**
 * The ids that a provider lists, over all pages.
 * @param baseUrl in place of the provider's own
 * @throws ModelListError
 */
export async function fetchModelList(
  list: ModelList,
  environment: Environment,
  baseUrl: string = withVariables(list.baseUrl, environment),
): Promise<Set<string>> {
  const headers = headersOf(list, environment);
  const base = /^https?:/u.test(baseUrl) ? baseUrl : `https://${baseUrl}`;
  const ids = new Set<string>();
  for (const wanted of list.requests) {
    const first = `${base.replace(/\/+$/u, '')}${wanted.path}`;
    for await (const page of pages(first, headers, wanted)) {
      for (const id of idsOn(page, wanted)) ids.add(id);
    }
  }
  if (ids.size === 0) throw new ModelListError('the list is empty');
  return ids;
}

/** Without a key none are sent that would hold it: some lists are public. */
function headersOf(
  { headers, needs }: ModelList,
  environment: Environment,
): Record<string, string> {
  const key = environment[needs[0] ?? ''] ?? '';
  const entries = Object.entries(headers)
    .filter(([, value]) => key !== '' || !value.includes(KEY))
    .map(([name, value]) => [name, value.replace(KEY, key)]);
  return Object.fromEntries(entries);
}

async function* pages(
  first: string,
  headers: Record<string, string>,
  { next }: ListRequest,
): AsyncGenerator {
  let url: string | undefined = first;
  for (let count = 0; url !== undefined && count < MOST_PAGES; count += 1) {
    const page: unknown = await fetchJson(url, headers);
    yield page;
    url = next === undefined ? undefined : nextUrl(first, page, next);
  }
}

function nextUrl(
  first: string,
  page: unknown,
  { member, parameter }: NonNullable<ListRequest['next']>,
): string | undefined {
  const start = memberOf(page, member);
  if (typeof start !== 'string' || start === '' || memberOf(page, 'has_more') === false) {
    return undefined;
  }
  const url = new URL(first);
  url.searchParams.set(parameter, start);
  return url.href;
}

async function fetchJson(url: string, headers: Record<string, string>): Promise<unknown> {
  try {
    const { statusCode, body } = await request(url, {
      headers: { accept: 'application/json', ...headers },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (statusCode !== 200) {
      await body.dump();
      throw new ModelListError(`${new URL(url).host} answered ${statusCode}`);
    }
    return await body.json();
  } catch (error) {
    if (error instanceof ModelListError) throw error;
    const reason = error instanceof Error ? error.message : 'unknown failure';
    throw new ModelListError(`${new URL(url).host}: ${reason}`);
  }
}

function idsOn(page: unknown, { list = 'data', id, idPrefix = '' }: ListRequest): string[] {
  const entries = Array.isArray(page) ? page : memberOf(page, list);
  if (!Array.isArray(entries)) throw new ModelListError(`the answer has no list ${list}`);
  return entries
    .map((entry: unknown) => memberOf(entry, id))
    .filter((value) => typeof value === 'string')
    .map((value) => (value.startsWith(idPrefix) ? value.slice(idPrefix.length) : value));
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}

function withVariables(text: string, environment: Environment): string {
  return text.replaceAll(/\$\{(?<name>\w+)\}/gu, (_, name: string) => environment[name] ?? '');
}
