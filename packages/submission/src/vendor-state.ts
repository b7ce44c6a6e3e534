import { isObject } from '@understudy/contracts';

/** Top-level members of a request that name what an earlier request left at a vendor. */
const STATE_MEMBERS = ['previous_response_id', 'conversation'] as const;

/** The kinds of content that may name an uploaded file by its id. */
const FILE_KINDS = new Set<unknown>(['input_file', 'input_image', 'container_upload', 'file']);

/**
 * The first member of a vendor's request that names what only one vendor's account holds: an
 * earlier response, a conversation, a stored prompt, an uploaded file, a store of vectors. Looks at the places that
 * the vendors' formats have for them, so that a tool's arguments are free to hold such names.
 * @returns its path; undefined when the request stands for itself
 */
export function vendorStateIn(body: Record<string, unknown>): string | undefined {
  const named = STATE_MEMBERS.find((name) => body[name] !== undefined && body[name] !== null);
  return (
    named ??
    storedIn(body) ??
    fileIn(body['input'], 'input') ??
    fileIn(body['messages'], 'messages') ??
    storeIn(body['tools'])
  );
}

/** A prompt that OpenAI keeps, a machine that Anthropic keeps. */
function storedIn({ prompt, container }: Record<string, unknown>): string | undefined {
  if (isObject(prompt) && typeof prompt['id'] === 'string') return 'prompt.id';
  if (typeof container === 'string') return 'container';
  return isObject(container) && typeof container['id'] === 'string' ? 'container.id' : undefined;
}

function fileIn(content: unknown, path: string): string | undefined {
  if (Array.isArray(content)) {
    const items: unknown[] = content;
    return firstOf(items, (item, index) => fileIn(item, `${path}[${index}]`));
  }
  if (!isObject(content)) return undefined;
  if (FILE_KINDS.has(content['type']) && typeof content['file_id'] === 'string') {
    return `${path}.file_id`;
  }
  const { file } = content;
  if (isObject(file) && typeof file['file_id'] === 'string') return `${path}.file.file_id`;
  // Where parts stand within parts: messages, documents, and what tools answered.
  return firstOf(['content', 'source', 'output'], (name) =>
    fileIn(content[name], `${path}.${name}`),
  );
}

/** Of the tools that the vendor runs itself: what they search, and what their machine holds. */
function storeIn(tools: unknown): string | undefined {
  if (!Array.isArray(tools)) return undefined;
  const list: unknown[] = tools;
  return firstOf(list, (tool, index) => {
    if (!isObject(tool)) return undefined;
    if (isFilled(tool['vector_store_ids'])) return `tools[${index}].vector_store_ids`;
    const { container } = tool;
    return isObject(container) && isFilled(container['file_ids'])
      ? `tools[${index}].container.file_ids`
      : undefined;
  });
}

function isFilled(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

function firstOf<Item, Found>(
  items: readonly Item[],
  find: (item: Item, index: number) => Found | undefined,
): Found | undefined {
  for (const [index, item] of items.entries()) {
    const found = find(item, index);
    if (found !== undefined) return found;
  }
  return undefined;
}
