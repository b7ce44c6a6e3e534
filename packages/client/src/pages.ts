interface Page<Item> {
  data: Item[];
  has_more: boolean;
  /** Where the next page begins, where that is not behind the last item. */
  next_after?: string | undefined;
}

/** Every item of a list, whose pages are asked for as they are needed. */
export async function* itemsOf<Item extends { id: string }>(
  read: (after: string | undefined) => Promise<Page<Item>>,
): AsyncGenerator<Item, void, undefined> {
  let after: string | undefined;
  for (;;) {
    const page = await read(after);
    yield* page.data;
    after = page.next_after ?? page.data.at(-1)?.id;
    if (!page.has_more || after === undefined) return;
  }
}
