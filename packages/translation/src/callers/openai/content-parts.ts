import { type FileData, fileAt, fileOfBase64, mediaTypeByEnding } from '../file-data.ts';
import { defined, isObject, type ObjectReader } from '../json-reading.ts';
import type { UserPart } from './prompt-building.ts';

const UPLOADED = 'files that were uploaded to one vendor are not there at another';

/** An image by its address, with the detail in which the model should look at it. */
export function imagePart(reader: ObjectReader, urlMember: string): UserPart {
  const url = reader.required(urlMember, reader.text(urlMember));
  const detail = reader.text('detail');
  return {
    type: 'file',
    ...fileAt({ url, path: reader.pathOf(urlMember), mediaType: 'image/*' }),
    // Automatic detail is the default, and means the same as none told.
    ...(detail === undefined || detail === 'auto'
      ? {}
      : { providerOptions: { openai: { imageDetail: detail } } }),
  };
}

export function audioPart(reader: ObjectReader): UserPart {
  const data = reader.required('data', reader.text('data'));
  const format = reader.required('format', reader.text('format'));
  if (!/^[a-z0-9]{1,10}$/.test(format)) throw reader.error('format', 'it is no known format');
  const mediaType = format === 'mp3' ? 'audio/mpeg' : `audio/${format}`;
  return { type: 'file', ...fileOfBase64(data, mediaType, reader.pathOf('data')) };
}

/** A file in the body, or, in responses, by its address. */
export function filePart(reader: ObjectReader): UserPart {
  reader.refuse('file_id', UPLOADED);
  const filename = reader.text('filename');
  return { type: 'file', ...defined({ filename }), ...fileContent(reader, filename) };
}

function fileContent(reader: ObjectReader, filename: string | undefined): FileData {
  // A PDF is what both dialects took first, and still take without any sign of the type.
  const mediaType = mediaTypeByEnding(filename ?? '') ?? 'application/pdf';
  const url = reader.text('file_url');
  if (url !== undefined) return fileAt({ url, path: reader.pathOf('file_url'), mediaType });
  const data = reader.required('file_data', reader.text('file_data'));
  const path = reader.pathOf('file_data');
  return /^data:/i.test(data)
    ? fileAt({ url: data, path, mediaType })
    : fileOfBase64(data, mediaType, path);
}

export function refuseUploaded(reader: ObjectReader): void {
  reader.refuse('file_id', UPLOADED);
}

/**
 * Content as both dialects write it: a string, or a list of parts.
 * @throws UntranslatableError for anything else
 */
export function readContent<Part>(
  reader: ObjectReader,
  name: string,
  ofText: (text: string) => Part,
  ofPart: (part: ObjectReader, type: string) => Part,
): Part[] | undefined {
  const value = reader.value(name);
  if (value === undefined) return undefined;
  if (typeof value === 'string') return [ofText(value)];
  if (isObject(value) || !Array.isArray(value)) {
    throw reader.error(name, 'it is neither a string nor a list of parts');
  }
  return reader
    .objects(name)
    ?.map((part) => ofPart(part, part.required('type', part.text('type'))));
}
