import type { Batch } from '@understudy/client';
import { ask, send, withKey } from '../../api/connection.ts';
import type { Api } from '../../api/connection.ts';
import type { Who } from '../../session/session-store.ts';

/** Where those of all projects are listed, each says whose it is. */
export type ListedBatch = Batch & { project?: string };

export interface BatchPage {
  batches: ListedBatch[];
  /** Where the next page begins; undefined on the last. */
  next?: string;
}

/** Through whose calls a batch was made; each vendor's list has its own. */
export const SURFACES = ['openai', 'anthropic'] as const;
export type Surface = (typeof SURFACES)[number];

const PER_PAGE = 20;

export function isOver({ status }: Pick<Batch, 'status'>): boolean {
  return ['completed', 'failed', 'expired', 'cancelled'].includes(status);
}

/** Who asks, and of which project. */
export interface Asker {
  api: Api;
  who: Who;
  project: string | undefined;
}

/** One page of a project's batches, newest first. */
export async function readBatches(
  asker: Asker,
  surface: Surface,
  after: string | undefined,
  signal: AbortSignal,
): Promise<BatchPage> {
  if (surface === 'anthropic') return readMessageBatches(asker, after, signal);
  const query = { limit: PER_PAGE, ...(after === undefined ? {} : { after }) };
  const { data, has_more: hasMore } = await ask(
    asker.api.GET('/v1/batches', { params: { query }, signal }),
  );
  return pageOf(data, hasMore);
}

/** Anthropic's form has no counts while a batch runs, so each is read in OpenAI's. */
async function readMessageBatches(
  { api, who, project }: Asker,
  after: string | undefined,
  signal: AbortSignal,
): Promise<BatchPage> {
  const url = new URL('/anthropic/v1/messages/batches', location.origin);
  url.searchParams.set('limit', String(PER_PAGE));
  if (after !== undefined) url.searchParams.set('after_id', after);
  const response = await send(withKey(new Request(url, { signal }), who.key, project));
  const listed: { data: { id: string }[]; has_more: boolean } = await response.json();
  const batches = await Promise.all(listed.data.map(({ id }) => readBatch(api, id, signal)));
  return pageOf(batches, listed.has_more);
}

export function readBatch(api: Api, id: string, signal: AbortSignal): Promise<Batch> {
  return ask(api.GET('/v1/batches/{id}', { params: { path: { id } }, signal }));
}

function pageOf(batches: ListedBatch[], hasMore: boolean): BatchPage {
  const last = batches.at(-1);
  return { batches, ...(hasMore && last !== undefined ? { next: last.id } : {}) };
}

/** RFC 3339 for what OpenAI's form has in seconds. */
export function instantOf(seconds: number | undefined): string | undefined {
  return seconds === undefined ? undefined : new Date(seconds * 1000).toISOString();
}

/** US dollars, where at least part of the prices are known. */
export function costOf({ cost }: Pick<Batch, 'cost'>): number | undefined {
  return cost === undefined || cost.status === 'unknown' ? undefined : cost.amount;
}
