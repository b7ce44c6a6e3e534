import { isObject } from '@understudy/contracts';
import type { CallerDialect, JsonObject } from '@understudy/contracts';

/** A file as it stands inside a body. */
export interface InlineFile {
  /** IANA media type. */
  mediaType: string;
  base64: string;
}

/** A file that a caller names by its URL. */
interface FileAddress {
  url: string;
  /** The part with the file itself; absent where only its vendor could read the file. */
  inlined?(file: InlineFile): JsonObject;
}

type ReadAddress = (part: JsonObject) => FileAddress | undefined;

/** The member that holds the conversation, and how a part of it names a file by its URL. */
const DIALECTS: Readonly<
  Record<Exclude<CallerDialect, 'embeddings'>, { member: string; read: ReadAddress }>
> = {
  'chat-completions': { member: 'messages', read: readImageUrl },
  responses: { member: 'input', read: readInputFile },
  messages: { member: 'messages', read: readSource },
};

/** The top-level member in which a dialect's files stand; undefined where it has none. */
export function conversationMember(dialect: CallerDialect): string | undefined {
  return dialect === 'embeddings' ? undefined : DIALECTS[dialect].member;
}

/** A file by its URL, with its path in the caller's body. */
export interface FoundAddress extends FileAddress {
  path: string;
}

/** Every file of a conversation that stands there by an http(s) URL, in its order. */
export function addressesIn(dialect: CallerDialect, conversation: unknown): FoundAddress[] {
  const found: FoundAddress[] = [];
  mapParts(dialect, conversation, (part, address, path) => {
    found.push({ ...address, path });
    return part;
  });
  return found;
}

/** The conversation with these files, by URL, in place of their addresses. */
export function withFiles(
  dialect: CallerDialect,
  conversation: unknown,
  files: ReadonlyMap<string, InlineFile>,
): unknown {
  return mapParts(dialect, conversation, (part, { url, inlined }) => {
    const file = files.get(url);
    return file === undefined || inlined === undefined ? part : inlined(file);
  });
}

type MapPart = (part: JsonObject, address: FileAddress, path: string) => JsonObject;

function mapParts(dialect: CallerDialect, conversation: unknown, map: MapPart): unknown {
  if (dialect === 'embeddings' || !Array.isArray(conversation)) return conversation;
  const { member, read } = DIALECTS[dialect];
  return conversation.map((turn: unknown, index) =>
    isObject(turn) ? mapTurn(turn, `${member}[${index}]`, read, map) : turn,
  );
}

// Only where parts stand: arguments and schemas may hold anything, and stay as they are.
function mapTurn(turn: JsonObject, path: string, read: ReadAddress, map: MapPart): JsonObject {
  const mapped: Record<string, unknown> = { ...turn };
  for (const name of ['content', 'output']) {
    const parts = turn[name];
    if (!Array.isArray(parts)) continue;
    mapped[name] = parts.map((part: unknown, index) => {
      if (!isObject(part)) return part;
      const at = `${path}.${name}[${index}]`;
      if (part['type'] === 'tool_result') return mapTurn(part, at, read, map);
      const address = read(part);
      return address === undefined ? part : map(part, address, at);
    });
  }
  return mapped;
}

function readImageUrl(part: JsonObject): FileAddress | undefined {
  const image = part['image_url'];
  if (part['type'] !== 'image_url' || !isObject(image)) return undefined;
  return addressOf(image['url'], (file) => ({
    ...part,
    image_url: { ...image, url: dataUri(file) },
  }));
}

function readInputFile(part: JsonObject): FileAddress | undefined {
  if (part['type'] === 'input_file') return addressOf(part['file_url']);
  if (part['type'] !== 'input_image') return undefined;
  return addressOf(part['image_url'], (file) => ({ ...part, image_url: dataUri(file) }));
}

function readSource(part: JsonObject): FileAddress | undefined {
  const source = part['source'];
  if (!isObject(source) || source['type'] !== 'url') return undefined;
  if (part['type'] !== 'image') return addressOf(source['url']);
  return addressOf(source['url'], ({ mediaType, base64 }) => ({
    ...part,
    source: { type: 'base64', media_type: mediaType, data: base64 },
  }));
}

function addressOf(url: unknown, inlined?: FileAddress['inlined']): FileAddress | undefined {
  if (typeof url !== 'string' || !/^https?:/i.test(url)) return undefined;
  return inlined === undefined ? { url } : { url, inlined };
}

function dataUri({ mediaType, base64 }: InlineFile): string {
  return `data:${mediaType};base64,${base64}`;
}
