import type { SharedV4FileData } from '@ai-sdk/provider';
import { UntranslatableError } from '../loss.ts';

/** Bytes or an address of a file, as the AI SDK's prompt holds them. */
export interface FileData {
  data: SharedV4FileData;
  /** IANA media type, or its first half with `/*` where the body does not say more. */
  mediaType: string;
}

/** What a `data:` URI or an `http(s):` URL holds. */
export interface FileAddress {
  url: string;
  /** The member in the caller's body, for errors. */
  path: string;
  /** Taken where neither the URI nor the ending of the URL tells one: `image/*`. */
  mediaType: string;
}

/** @throws UntranslatableError for addresses that only their own vendor can resolve */
export function fileAt({ url, path, mediaType }: FileAddress): FileData {
  if (/^data:/i.test(url)) return fromDataUri(url, path, mediaType);
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (address === undefined || !/^https?:$/.test(address.protocol)) {
    throw new UntranslatableError(path, 'it is neither a data: URI nor an http(s) URL');
  }
  return {
    data: { type: 'url', url: address },
    mediaType: mediaTypeByEnding(address.pathname) ?? mediaType,
  };
}

/** @throws UntranslatableError when the text is no base64 */
export function fileOfBase64(base64: string, mediaType: string, path: string): FileData {
  if (!/^[\w+/=\s-]+$/.test(base64)) {
    throw new UntranslatableError(path, 'it is not base64');
  }
  return { data: { type: 'data', data: base64 }, mediaType };
}

/** The media type that a file's name tells by its ending. */
export function mediaTypeByEnding(name: string): string | undefined {
  const ending = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase();
  return ending === undefined ? undefined : MEDIA_TYPE_BY_ENDING.get(ending);
}

// RFC 2397: `data:[<media type>][;base64],<data>`.
function fromDataUri(uri: string, path: string, fallback: string): FileData {
  const comma = uri.indexOf(',');
  if (comma === -1) throw new UntranslatableError(path, 'it is a data: URI without a comma');
  const [mediaType = '', ...parameters] = uri.slice('data:'.length, comma).split(';');
  const content = uri.slice(comma + 1);
  const type = mediaType === '' ? fallback : mediaType.toLowerCase();
  if (!/^[\w.+-]+\/[\w.+*-]+$/.test(type)) {
    throw new UntranslatableError(path, 'its data: URI names no media type');
  }
  if (parameters.at(-1)?.toLowerCase() === 'base64') return fileOfBase64(content, type, path);
  return fileOfBase64(Buffer.from(decoded(content, path)).toString('base64'), type, path);
}

function decoded(content: string, path: string): string {
  try {
    return decodeURIComponent(content);
  } catch {
    throw new UntranslatableError(path, 'it is a data: URI with broken percent signs');
  }
}

const MEDIA_TYPE_BY_ENDING: ReadonlyMap<string, string> = new Map([
  ['png', 'image/png'],
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['gif', 'image/gif'],
  ['webp', 'image/webp'],
  ['pdf', 'application/pdf'],
  ['txt', 'text/plain'],
  ['md', 'text/markdown'],
  ['csv', 'text/csv'],
  ['html', 'text/html'],
  ['json', 'application/json'],
  ['wav', 'audio/wav'],
  ['mp3', 'audio/mpeg'],
  ['mp4', 'video/mp4'],
]);
