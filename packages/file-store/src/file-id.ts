/** Whether a text has the form of a file's id: `file-` and 26 characters of Crockford's base 32. */
export function isFileId(text: string): boolean {
  return /^file-[0-9a-hjkmnp-tv-z]{26}$/.test(text);
}
