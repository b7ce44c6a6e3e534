import type { JobPage } from '../../api/contract.ts';

/** Pages without a row that are read at once; each can have cost the broker many look-ups. */
const MOST_PAGES = 10;

interface FoundRows {
  page: JobPage;
  /** Where that page begins, which is behind `after` where stretches without a row were passed. */
  from: string | undefined;
}

/**
 * Reads the page behind `after`, and goes on while there are no rows and yet more jobs: the broker
 * looks at so many for one page, of which perhaps none matches. Gives the last page where none has a row.
 * @param known where an earlier look found the rows, or gave up: what lies between is not read again
 */
export async function findRows(
  read: (after: string | undefined) => Promise<JobPage>,
  after: string | undefined,
  known?: string,
): Promise<FoundRows> {
  let from = after;
  let page = await read(from);
  if (known !== undefined && known !== after && nextOf(page) !== undefined) {
    return { page: await read(known), from: known };
  }
  for (let pages = 1; pages < MOST_PAGES; pages += 1) {
    const next = nextOf(page);
    if (next === undefined) break;
    from = next;
    page = await read(from);
  }
  return { page, from };
}

/** Where to look for rows; undefined where there are some, or there are no more jobs. */
function nextOf({ data, has_more: hasMore, next_after: next }: JobPage): string | undefined {
  return data.length === 0 && hasMore ? next : undefined;
}
