// The JSON.parse source text access proposal, which Node 24 has and TypeScript's libraries lack.
declare global {
  interface JSON {
    parse(
      text: string,
      reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
    ): unknown;
    rawJSON(text: string): object;
    isRawJSON(value: unknown): boolean;
  }
}

/** Only these can stand otherwise than JavaScript writes them; most texts have none. */
const SPECIAL_NUMBER = /\d{16}|\d[.eE]|-0/;

/**
 * Reads JSON so that `JSON.stringify` writes its numbers as they stood: those that a double would
 * change become raw JSON, which no reader of the value takes for a number.
 * @throws SyntaxError when the text is no JSON
 */
export function parseExactJson(text: string): unknown {
  if (!SPECIAL_NUMBER.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && String(value) !== source
      ? JSON.rawJSON(source)
      : value,
  );
}
