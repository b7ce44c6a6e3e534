declare global {
  // ECMAScript 2026 (JSON.parse source text access); in V8, not yet in TypeScript's library.
  interface JSON {
    parse(
      text: string,
      reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
    ): unknown;
    rawJSON(text: string): object;
  }
}

/** Only these can be more than a double holds. */
const LONG_NUMBER = /\d{16}/;

/**
 * JSON.parse whose result JSON.stringify turns back into the same numbers, also where they are
 * longer than a double. @throws SyntaxError
 */
export function parseExactJson(text: string): unknown {
  if (!LONG_NUMBER.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_key, value: unknown, { source }: { source?: string }) =>
    typeof value === 'number' && source !== undefined && String(value) !== source
      ? JSON.rawJSON(source)
      : value,
  );
}
