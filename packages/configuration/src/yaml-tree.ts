import { parseDocument } from 'yaml';
import { ConfigurationError } from './configuration-error.ts';

/** A parsed file or a part of it: mappings are plain objects, nothing is checked yet. */
export type Tree = unknown;
export type Mapping = Record<string, Tree>;

export function isMapping(value: Tree): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The named mapping within a mapping; empty where it is missing or something else. */
export function mappingAt(value: Tree, name: string): Mapping {
  const inner = isMapping(value) ? value[name] : undefined;
  return isMapping(inner) ? inner : {};
}

/** The same tree with every text (not the keys) replaced by what `replace` makes of it. */
export function mapTexts(
  tree: Tree,
  replace: (text: string, path: readonly (string | number)[]) => Tree,
  path: readonly (string | number)[] = [],
): Tree {
  if (typeof tree === 'string') return replace(tree, path);
  if (Array.isArray(tree)) {
    return tree.map((item: Tree, index) => mapTexts(item, replace, [...path, index]));
  }
  if (!isMapping(tree)) return tree;
  return Object.fromEntries(
    Object.entries(tree).map(([key, value]) => [key, mapTexts(value, replace, [...path, key])]),
  );
}

// YAML forbids braces in a plain text within `{ … }`, so `{ apiKey: ${KEY} }` would not parse.
// References are therefore swapped for characters of the private use area while YAML reads.
const REFERENCE = /\$?\$\{[^}\n]*\}/g;
const SHIELD_START = '\u{E000}';
const SHIELD_END = '\u{E001}';
const SHIELDED = new RegExp(`${SHIELD_START}(\\d+)${SHIELD_END}`, 'g');

/**
 * Parses YAML whose texts may hold `${VAR}`, quoted or not, in flow mappings too.
 * @throws ConfigurationError with every syntax error and its line
 */
export function parseYaml(text: string): Tree {
  const references: string[] = [];
  const shielded = text.replaceAll(REFERENCE, (reference) => {
    references.push(reference);
    return `${SHIELD_START}${references.length - 1}${SHIELD_END}`;
  });
  const document = parseDocument(shielded, { prettyErrors: true, version: '1.2' });
  if (document.errors.length > 0) {
    throw new ConfigurationError(
      document.errors.map((error) => {
        const [start] = error.linePos ?? [];
        // The source excerpt below the first line may hold a key.
        const message = error.message.split(/ at line \d|\n/)[0] ?? error.code;
        return start === undefined ? message : `line ${start.line}: ${message}`;
      }),
    );
  }
  const tree: Tree = readAliases(document);
  assertNoLoop(tree);
  return mapTexts(tree, (value) =>
    value.replaceAll(SHIELDED, (_, index: string) => references[Number(index)] ?? ''),
  );
}

function readAliases(document: ReturnType<typeof parseDocument>): Tree {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw new ConfigurationError([error instanceof Error ? error.message : String(error)]);
  }
}

function assertNoLoop(tree: Tree, above: readonly Tree[] = []): void {
  if (typeof tree !== 'object' || tree === null) return;
  if (above.includes(tree)) {
    throw new ConfigurationError(['an alias refers to a node that contains it; write it out']);
  }
  for (const inner of Object.values(tree)) assertNoLoop(inner, [...above, tree]);
}
