interface Page<Item> {
  data: Item[];
  has_more: boolean;
  /** Where the next page begins. */
  next_after?: string | undefined;
  /** The vendors' lists go on behind the last item instead. */
  last_id?: string | undefined;
}

/** Every item of a list, whose pages are asked for as they are needed. */
export async function* itemsOf<Item>(
  read: (after: string | undefined) => Promise<Page<Item>>,
): AsyncGenerator<Item, void, undefined> {
  let after: string | undefined;
  for (;;) {
    const page = await read(after);
    yield* page.data;
    after = page.next_after ?? page.last_id;
    if (!page.has_more || after === undefined) return;
  }
}
