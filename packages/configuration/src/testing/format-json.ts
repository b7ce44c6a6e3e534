const WIDTH = 100;

/** JSON as the repository's formatter leaves it: lists of plain values on one line where they fit. */
export function formatJson(value: unknown): string {
  const text = JSON.stringify(value, null, 2).replaceAll(
    /^( *)(.*)\[\n([^[\]{}]*)\n *\](,?)$/gm,
    (block, indent: string, name: string, items: string, comma: string) => {
      const line = `${indent}${name}[${items.trim().replaceAll(/\n */g, ' ')}]${comma}`;
      return line.length <= WIDTH ? line : block;
    },
  );
  return `${text}\n`;
}
