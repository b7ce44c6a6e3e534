import type { LanguageModelV4FilePart, LanguageModelV4TextPart } from '@ai-sdk/provider';
import { type FileData, fileAt, fileOfBase64 } from '../file-data.ts';
import type { ObjectReader } from '../json-reading.ts';
import type { KnownMembers } from '../known-members.ts';
import { cacheMarkerOf } from './cache-control.ts';
import { contentAt, type ContentBlock } from './content-block.ts';
import { readTextBlock, readTexts } from './read-text-block.ts';

/** What a user may say: a text or a file. */
export type UserPart = LanguageModelV4TextPart | LanguageModelV4FilePart;

/** The parts of a block of text or media; undefined for a block of another type. */
export function readMediaBlock(block: ContentBlock, members: KnownMembers): UserPart[] | undefined {
  switch (block.type) {
    case 'text':
      return [readTextBlock(block)];
    case 'image':
      return [readImage(block)];
    case 'document':
      return readDocument(block, members);
    case 'search_result':
      return [readSearchResult(block, members)];
    default:
      return undefined;
  }
}

function readImage(block: ContentBlock): LanguageModelV4FilePart {
  const reader = block.open();
  const source = sourceOf(reader);
  return {
    type: 'file',
    ...readFile(source, typeOf(source), 'image/*'),
    ...cacheMarkerOf(reader),
  };
}

function readDocument(block: ContentBlock, members: KnownMembers): UserPart[] {
  const reader = block.open();
  loseCitations(reader);
  const title = reader.text('title');
  const context = textPart(reader.text('context'));
  const marker = cacheMarkerOf(reader);
  const source = sourceOf(reader);
  const type = typeOf(source);
  if (type !== 'text' && type !== 'content') {
    const file = readFile(source, type, 'application/pdf');
    const named = title === undefined ? {} : { filename: title };
    return [...context, { type: 'file', ...named, ...file, ...marker }];
  }
  // Plain text is carried as text: not every dialect takes it as a file.
  const parts = type === 'text' ? readPlainText(source) : readSourceContent(source, members);
  return [...textPart(title), ...context, ...markedAtEnd(parts, marker)];
}

function readPlainText(source: ObjectReader): UserPart[] {
  source.ignore('media_type');
  return [{ type: 'text', text: source.required('data', source.text('data')) }];
}

function readSourceContent(source: ObjectReader, members: KnownMembers): UserPart[] {
  const content = source.required('content', contentAt(source, 'content', members));
  if (typeof content === 'string') return readTexts(content);
  return content.map((block) => (block.type === 'image' ? readImage(block) : readTextBlock(block)));
}

function readSearchResult(block: ContentBlock, members: KnownMembers): LanguageModelV4TextPart {
  const reader = block.open();
  loseCitations(reader);
  const title = reader.required('title', reader.text('title'));
  const source = reader.required('source', reader.text('source'));
  const content = reader.required('content', contentAt(reader, 'content', members));
  const texts = readTexts(content).map((part) => part.text);
  return {
    type: 'text',
    text: [title, source, ...texts].join('\n'),
    ...cacheMarkerOf(reader),
  };
}

function readFile(source: ObjectReader, type: string, mediaType: string): FileData {
  switch (type) {
    case 'base64': {
      const declared = source.required('media_type', source.text('media_type'));
      const data = source.required('data', source.text('data'));
      return fileOfBase64(data, declared, source.pathOf('data'));
    }
    case 'url': {
      const url = source.required('url', source.text('url'));
      return fileAt({ url, path: source.pathOf('url'), mediaType });
    }
    case 'file':
      throw source.error('file_id', 'a file stored at Anthropic cannot be read elsewhere');
    default:
      throw source.error('type', 'a source of its type has no counterpart elsewhere');
  }
}

function sourceOf(reader: ObjectReader): ObjectReader {
  return reader.required('source', reader.object('source'));
}

function typeOf(reader: ObjectReader): string {
  return reader.required('type', reader.text('type'));
}

function loseCitations(reader: ObjectReader): void {
  const citations = reader.object('citations');
  if (citations?.boolean('enabled') !== true) return;
  citations.lose('enabled', 'is a service of Anthropic, and is not carried');
}

function textPart(text: string | undefined): LanguageModelV4TextPart[] {
  return text === undefined ? [] : [{ type: 'text', text }];
}

function markedAtEnd(parts: UserPart[], marker: ReturnType<typeof cacheMarkerOf>): UserPart[] {
  return parts.map((part, index) => (index === parts.length - 1 ? { ...part, ...marker } : part));
}
