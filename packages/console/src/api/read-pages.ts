interface Page<Item> {
  data: Item[];
  next_after?: string | undefined;
}

/** Every item of a list that is shown whole, page by page. @param read asks for one page */
export async function readPages<Item>(
  read: (page: { limit: number; after?: string }) => Promise<Page<Item>>,
): Promise<Item[]> {
  const items: Item[] = [];
  let after: string | undefined;
  do {
    const page = await read({ limit: PER_PAGE, ...(after === undefined ? {} : { after }) });
    items.push(...page.data);
    after = page.next_after;
  } while (after !== undefined);
  return items;
}

/** As many as the API gives at a time. */
const PER_PAGE = 100;
