/** Letters, digits and `_`, `-`, `.`; no leading dot, so neither `..` nor a hidden file. */
const SEGMENT = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}$/;

/** Whether a text is made of plain segments, as every key is. */
export function isFileKey(text: string): boolean {
  return text.split('/').every((segment) => SEGMENT.test(segment));
}

/**
 * The segments of a key.
 * @throws TypeError for a key that could lead out of the place where files live
 */
export function fileKeySegments(key: string): string[] {
  if (isFileKey(key)) return key.split('/');
  throw new TypeError(
    `the file key ${JSON.stringify(key.slice(0, 200))} is not made of plain segments`,
  );
}

/** The segments of a prefix, which ends in `/`. */
export function filePrefixSegments(prefix: string): string[] {
  if (!prefix.endsWith('/')) {
    throw new TypeError(`the prefix ${JSON.stringify(prefix.slice(0, 200))} does not end in "/"`);
  }
  return fileKeySegments(prefix.slice(0, -1));
}
