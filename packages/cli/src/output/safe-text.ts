/**
 * Text that somebody else wrote, for a terminal: without control characters, which could move the
 * cursor, recolour what follows or change the window's title.
 */
export function safeText(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n\t]/gu, '\u{FFFD}');
}

/** The same on one line of at most `length` characters. */
export function safeLine(text: string, length: number): string {
  const line = safeText(text).replaceAll(/\s+/g, ' ').trim();
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`;
}
