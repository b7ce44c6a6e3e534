/** The image types that every model takes which takes images at all. */
export type ImageType = 'image/jpeg' | 'image/png' | 'image/gif' | 'image/webp';

/** What stands at the beginning of each type, as hexadecimal digits; `.` is any one of them. */
const SIGNATURES: readonly (readonly [RegExp, ImageType])[] = [
  [/^ffd8ff/, 'image/jpeg'],
  [/^89504e470d0a1a0a/, 'image/png'],
  [/^47494638(?:37|39)61/, 'image/gif'],
  [/^52494646.{8}57454250/, 'image/webp'],
];

/** The type that an image's first bytes tell; servers often state another. */
export function imageType(bytes: Buffer): ImageType | undefined {
  const start = bytes.toString('hex', 0, 16);
  return SIGNATURES.find(([signature]) => signature.test(start))?.[1];
}
