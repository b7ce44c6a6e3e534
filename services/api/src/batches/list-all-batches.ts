import type { BatchStore } from '@understudy/batch-store';
import { BrokerError } from '@understudy/contracts';
import type { BatchRecord } from '@understudy/contracts';
import { newestFirst } from '@understudy/job-store';
import type { ListPosition } from '@understudy/job-store';
import { mergePages } from '../answers/merge-pages.ts';
import type { ProjectPage } from '../answers/merge-pages.ts';

/** Of one project, until there are enough; a project has few batches beside its jobs. */
const READ_AT_ONCE = 100;

export interface AllBatchesQuery {
  surface: 'openai' | 'anthropic';
  limit: number;
  /** Id of the last batch seen, of whichever project. */
  after?: string | undefined;
}

/**
 * One page of the batches of several projects, newest first.
 * @throws BrokerError 400 when `after` names no batch of any of them
 */
export async function listAllBatches(
  batches: BatchStore,
  projects: readonly string[],
  query: AllBatchesQuery,
): Promise<{ batches: BatchRecord[]; hasMore: boolean }> {
  const after = await positionOf(batches, projects, query.after);
  const pages = await Promise.all(
    projects.map((project) => pageOf(batches, project, query, after)),
  );
  const { items, next } = mergePages(pages, query.limit, placeOf);
  return { batches: items, hasMore: next !== undefined };
}

async function pageOf(
  batches: BatchStore,
  project: string,
  { surface, limit }: AllBatchesQuery,
  after: ListPosition | undefined,
): Promise<ProjectPage<BatchRecord>> {
  const items: BatchRecord[] = [];
  let last: string | undefined;
  for (;;) {
    const page = await batches.list(project, {
      surface,
      limit: READ_AT_ONCE,
      ...(last === undefined ? {} : { after: last }),
    });
    items.push(
      ...page.batches.filter(
        (batch) => after === undefined || newestFirst(after, placeOf(batch)) < 0,
      ),
    );
    const reached = page.batches.at(-1);
    if (!page.hasMore || reached === undefined) return { items };
    if (items.length > limit) return { items, next: placeOf(reached) };
    last = reached.request.id;
  }
}

async function positionOf(
  batches: BatchStore,
  projects: readonly string[],
  after: string | undefined,
): Promise<ListPosition | undefined> {
  if (after === undefined) return undefined;
  const found = await Promise.all(projects.map((project) => batches.read(project, after)));
  const batch = found.find((one) => one !== undefined);
  if (batch !== undefined) return placeOf(batch);
  throw new BrokerError('invalid_request', 'after names no batch; give the id of a listed one', {
    param: 'after',
  });
}

function placeOf({ request: { created_at: createdAt, id } }: BatchRecord): ListPosition {
  return { createdAt, id };
}
