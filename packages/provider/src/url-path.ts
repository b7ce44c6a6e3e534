/** A model name that must not become part of a URL. */
export class UnsafeModelNameError extends Error {
  override name = 'UnsafeModelNameError';
}

/**
 * A model name as one segment of a URL path: it can leave neither its place nor its host.
 * @throws UnsafeModelNameError for empty names, control characters, lone surrogates and any
 * part between slashes that is `.` or `..`, which servers resolve even when percent-encoded
 */
export function pathSegment(model: string): string {
  const dotted = model.split(/[/\\]/).some((part) => part === '.' || part === '..');
  if (model === '' || dotted || hasControlCharacter(model) || !model.isWellFormed()) {
    throw new UnsafeModelNameError(
      `Model name ${JSON.stringify(model.slice(0, 100))} cannot stand in a URL path; map it to the provider's own name under \`models\`.`,
    );
  }
  return encodeURIComponent(model);
}

function hasControlCharacter(text: string): boolean {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return true;
  }
  return false;
}
