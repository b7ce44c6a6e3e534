import type { CallerDialect } from '@understudy/contracts';
import { editTopLevel, parseExactJson, topLevelMembers } from '@understudy/provider';
import {
  addressesIn,
  conversationMember,
  type FoundAddress,
  type InlineFile,
  withFiles,
} from './file-addresses.ts';

/**
 * Fetches the image at a URL that a caller gave.
 * @throws FileUnreachableError
 */
export type FetchFile = (url: string) => Promise<InlineFile>;

/**
 * A file could not be had from the URL that the caller gave for it. The message is a clause that
 * completes "the image …", without the address, which is content.
 */
export class FileUnreachableError extends Error {
  override name = 'FileUnreachableError';
}

export type InlinedBody =
  | { kind: 'inlined'; body: Uint8Array }
  /** It has to be in the body, and there is no way to get it there. */
  | { kind: 'not_inline'; field: string; reason: string }
  | { kind: 'unreachable'; field: string; reason: string };

/** How many files of one body are fetched at a time. */
const FETCHED_AT_ONCE = 4;

/**
 * A caller's body with its images themselves in place of their URLs, for a provider that fetches
 * none. All else stays byte for byte; a body without such URLs is the same bytes.
 * @param fetchFile undefined where nothing may be fetched
 */
export async function inlineFiles(
  dialect: CallerDialect,
  body: Uint8Array,
  fetchFile: FetchFile | undefined,
): Promise<InlinedBody> {
  const member = conversationMember(dialect);
  const conversation = member === undefined ? undefined : readConversation(body, member);
  const found = conversation === undefined ? [] : addressesIn(dialect, conversation);
  if (member === undefined || found.length === 0) return { kind: 'inlined', body };
  const refused = found.find(({ inlined }) => inlined === undefined || fetchFile === undefined);
  if (refused !== undefined || fetchFile === undefined) {
    const reason = 'a file stands there by its URL, and this host fetches none; send it inline';
    return { kind: 'not_inline', field: refused?.path ?? member, reason };
  }
  const fetched = await fetchAll(found, fetchFile);
  if ('reason' in fetched) return { kind: 'unreachable', ...fetched };
  const edited = withFiles(dialect, conversation, fetched.files);
  return { kind: 'inlined', body: editTopLevel(body, { [member]: edited }) };
}

function readConversation(body: Uint8Array, member: string): unknown {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  // Most conversations name no URL, and need not be parsed; a URL may be written in escapes.
  if (!bytes.includes('http') && !bytes.includes('\\u')) return undefined;
  const range = topLevelMembers(body).get(member);
  return range && parseExactJson(bytes.toString('utf8', range.start, range.end));
}

async function fetchAll(
  found: readonly FoundAddress[],
  fetchFile: FetchFile,
): Promise<{ files: ReadonlyMap<string, InlineFile> } | { field: string; reason: string }> {
  const files = new Map<string, InlineFile>();
  const waiting = [...new Map(found.map(({ url, path }) => [url, path])).entries()];
  const failures: { field: string; reason: string }[] = [];
  const fetchNext = async (): Promise<void> => {
    const [url, field] = waiting.shift() ?? [];
    if (url === undefined || field === undefined || failures.length > 0) return;
    try {
      files.set(url, await fetchFile(url));
    } catch (error) {
      if (!(error instanceof FileUnreachableError)) throw error;
      failures.push({ field, reason: error.message });
    }
    await fetchNext();
  };
  await Promise.all(Array.from({ length: FETCHED_AT_ONCE }, fetchNext));
  return failures[0] ?? { files };
}
