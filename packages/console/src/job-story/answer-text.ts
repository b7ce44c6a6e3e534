/**
 * The words of an answer, of whichever dialect; undefined where it has none, as of an embedding or
 * of a call for tools.
 */
export function answerText(body: unknown): string | undefined {
  const texts = [
    ...listOf(body, 'choices').map((choice) => textOf(memberOf(choice, 'message'))),
    ...listOf(body, 'output').map(textOf),
    textOf(body),
  ].filter((text) => text !== undefined && text !== '');
  return texts.length === 0 ? undefined : texts.join('\n\n');
}

/** `content` is a text, or a list of parts some of which have one. */
function textOf(message: unknown): string | undefined {
  const content = memberOf(message, 'content');
  if (typeof content === 'string') return content;
  const texts = listOf(message, 'content')
    .map((part) => memberOf(part, 'text'))
    .filter((text) => typeof text === 'string');
  return texts.length === 0 ? undefined : texts.join('');
}

function listOf(value: unknown, name: string): unknown[] {
  const member = memberOf(value, name);
  return Array.isArray(member) ? member : [];
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
