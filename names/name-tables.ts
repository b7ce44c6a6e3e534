import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const ISO_DATE_LIKE = /^\d{4}-\d{1,2}-\d{1,2}/u;

/** One table of names as a worker service writes it down. */
export interface NameTable {
  /** The kind of provider, or the preset of one: `openai`, `groq`. */
  provider: string;
  /** Where it stands, for a reader who has to mend it. */
  source: string;
  /** Canonical name → the provider's name. */
  models: Readonly<Record<string, string>>;
}

interface AcceptedNames {
  provider: string;
  source: string;
  names: readonly string[];
}

interface RetiredNames {
  provider: string;
  source: string;
  /** Canonical name → ISO date. */
  dates: Readonly<Record<string, string>>;
}

export interface KnownNames {
  tables: NameTable[];
  accepted: AcceptedNames[];
  retired: RetiredNames[];
}

/**
 * The names of every worker service, read from where the services themselves have them: all that
 * `src/model-names.ts` exports or `src/model-ids.json` holds, and the presets of a kind that has
 * some. Told apart by shape: a list holds accepted names; a record of dates tells retirement, any
 * other record of texts is a table.
 */
export async function readKnownNames(root: string = ROOT): Promise<KnownNames> {
  const known: KnownNames = { tables: [], accepted: [], retired: [] };
  const files = globSync('services/worker-*/src/{model-names.ts,model-ids.json,presets.ts}', {
    cwd: root,
  });
  for (const file of files.toSorted()) {
    const kind = basename(dirname(dirname(file))).replace(/^worker-/u, '');
    const content = await readContent(join(root, file));
    if (basename(file) === 'presets.ts') addPresets(known, content, file);
    else addNames(known, content, kind, file);
  }
  return known;
}

async function readContent(path: string): Promise<unknown> {
  if (path.endsWith('.json')) return JSON.parse(readFileSync(path, 'utf8'));
  const module: unknown = await import(pathToFileURL(path).href);
  return module;
}

function addPresets(known: KnownNames, content: unknown, file: string): void {
  for (const [preset, described] of entriesOf(valueAt(content, 'presets'))) {
    addNames(known, valueAt(described, 'models'), preset, `${file} ${preset}`);
  }
}

function addNames(known: KnownNames, value: unknown, provider: string, source: string): void {
  if (Array.isArray(value)) {
    known.accepted.push({ provider, source, names: value.filter(isText) });
    return;
  }
  const entries = entriesOf(value);
  const texts = entries.filter((entry): entry is [string, string] => isText(entry[1]));
  if (entries.length > 0 && texts.length === entries.length) {
    const record = Object.fromEntries(texts);
    if (texts.every(([, text]) => ISO_DATE_LIKE.test(text))) {
      known.retired.push({ provider, source, dates: record });
    } else {
      known.tables.push({ provider, source, models: record });
    }
    return;
  }
  for (const [name, nested] of entries) addNames(known, nested, provider, `${source} ${name}`);
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

function valueAt(value: unknown, name: string): unknown {
  return entriesOf(value).find(([key]) => key === name)?.[1];
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
