const SPACE = /[ \t\n\r]*/y;
/** All but quote, backslash and control characters. */
const PLAIN_TEXT = /[ !#-[\]-\uffff]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const SCALAR = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/**
 * Where text stops being JSON, as a character offset; undefined when it never does. The message of
 * `JSON.parse` quotes the text, which may be a prompt, and often names no position.
 */
export function jsonErrorPosition(text: string): number | undefined {
  let at = 0;
  const skip = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const found = pattern.test(text);
    if (found) at = pattern.lastIndex;
    return found;
  };
  const take = (character: string): boolean => {
    if (text[at] !== character) return false;
    at += 1;
    return true;
  };
  const takeString = (): boolean => {
    if (!take('"')) return false;
    do skip(PLAIN_TEXT);
    while (skip(ESCAPE));
    return take('"');
  };
  const takeKey = (): boolean => {
    skip(SPACE);
    if (!takeString()) return false;
    skip(SPACE);
    return take(':');
  };

  const closers: ('}' | ']')[] = [];
  for (;;) {
    skip(SPACE);
    let opened = false;
    if (take('{')) {
      skip(SPACE);
      if (!take('}')) {
        closers.push('}');
        opened = true;
        if (!takeKey()) return at;
      }
    } else if (take('[')) {
      skip(SPACE);
      if (!take(']')) {
        closers.push(']');
        opened = true;
      }
    } else if (text[at] === '"' ? !takeString() : !skip(SCALAR)) {
      return at;
    }
    if (opened) continue;

    // A value has ended: close what ends with it, then the next one follows a comma.
    for (;;) {
      skip(SPACE);
      const closer = closers.at(-1);
      if (closer === undefined) return at === text.length ? undefined : at;
      if (!take(closer)) break;
      closers.pop();
    }
    if (!take(',')) return at;
    if (closers.at(-1) === '}' && !takeKey()) return at;
  }
}
