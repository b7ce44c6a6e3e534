import { parseArgs } from 'node:util';
import { compareList } from './compare-list.ts';
import { fetchModelList, ModelListError } from './fetch-model-list.ts';
import { type ModelList, modelLists, WITHOUT_LIST } from './model-lists.ts';
import { type KnownNames, readKnownNames } from './name-tables.ts';
import { tableProblems } from './table-problems.ts';

const USAGE = `pnpm names:check [--offline] [--provider NAME]… [--url NAME=URL]…

Checks the tables of model names of all worker services against each other and, for every provider
whose key is in the environment, against the provider's own list of models.

  --offline          ask no provider
  --provider NAME    ask this provider only, even without a key where its list is public; repeatable
  --url NAME=URL     ask this provider there instead; repeatable
  --root FOLDER      check the services below this folder
  --help             print this

Exit code: 0 all is well · 1 the tables disagree · 2 an option is wrong ·
3 a provider does not list a name of ours · 4 a list could not be had (the lowest of those that hold)
`;

const EXIT = { tables: 1, usage: 2, unlisted: 3, unavailable: 4 } as const;
type Finding = keyof typeof EXIT;

interface Options {
  isOffline: boolean;
  providers: string[];
  urls: Map<string, string>;
  root?: string;
}

class UsageError extends Error {}

try {
  const options = readOptions();
  process.exitCode = options === undefined ? 0 : await check(options);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n\n${USAGE}`);
  process.exitCode = EXIT.usage;
}

function readOptions(): Options | undefined {
  const { values } = parsedArguments();
  if (values.help) {
    print(USAGE.trimEnd());
    return undefined;
  }
  const urls = (values.url ?? []).map((text): [string, string] => {
    const [, name, url] = /^(?<name>[\w-]+)=(?<url>https?:\/\/.+)$/u.exec(text) ?? [];
    if (name === undefined || url === undefined) {
      throw new UsageError(`--url is ${JSON.stringify(text)}; write NAME=https://…`);
    }
    return [name, url];
  });
  return {
    isOffline: values.offline ?? false,
    providers: values.provider ?? [],
    urls: new Map(urls),
    ...(values.root !== undefined && { root: values.root.replace(/\/*$/u, '/') }),
  };
}

function parsedArguments() {
  try {
    return parseArgs({
      // pnpm hands a separating `--` on.
      args: process.argv.slice(2).filter((argument) => argument !== '--'),
      options: {
        offline: { type: 'boolean' },
        provider: { type: 'string', multiple: true },
        url: { type: 'string', multiple: true },
        root: { type: 'string' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

async function check(options: Options): Promise<number> {
  const known = await readKnownNames(options.root);
  const lists = modelLists(options.root);
  const names = lists.map(({ provider }) => provider);
  const strange = [...options.providers, ...options.urls.keys()].find(
    (name) => !names.includes(name),
  );
  if (strange !== undefined) {
    throw new UsageError(`${JSON.stringify(strange)} has no list; known are ${names.join(', ')}`);
  }
  const findings: Finding[] = checkTables(known) ? [] : ['tables'];
  if (!options.isOffline) {
    for (const list of lists) findings.push(...(await checkList(list, known, options)));
    for (const [name, reason] of Object.entries(WITHOUT_LIST)) {
      if (options.providers.length === 0) print(`${name}: not asked, ${reason}`);
    }
  }
  const codes = findings.map((finding) => EXIT[finding]);
  return codes.length === 0 ? 0 : Math.min(...codes);
}

function checkTables(known: KnownNames): boolean {
  const problems = tableProblems(known);
  for (const problem of problems) print(`tables: ${problem}`);
  const models = new Set(known.tables.flatMap((table) => Object.keys(table.models)));
  const ids = known.tables.flatMap((table) => Object.values(table.models));
  const verdict = problems.length === 0 ? 'they agree' : `${problems.length} problems`;
  print(
    `tables: ${known.tables.length} with ${ids.length} names of ${models.size} models; ${verdict}`,
  );
  return problems.length === 0;
}

async function checkList(
  list: ModelList,
  known: KnownNames,
  { providers, urls }: Options,
): Promise<Finding[]> {
  const { provider } = list;
  if (providers.length > 0 && !providers.includes(provider)) return [];
  const missing = list.needs.filter((name) => !process.env[name]);
  if (missing.length > 0 && !providers.includes(provider)) {
    print(`${provider}: not asked, ${missing.join(' and ')} not set`);
    return [];
  }
  try {
    const listed = await fetchModelList(list, process.env, urls.get(provider));
    const today = new Date().toISOString().slice(0, 10);
    const { judged, unlisted, unknown } = compareList(list, listed, known, today);
    print(`${provider}: lists ${listed.size} models; ${judged - unlisted.length} of our ${judged}`);
    for (const id of unlisted) print(`${provider}: not listed: ${id}`);
    if (unknown.length > 0) print(`${provider}: new: ${unknown.join(', ')}`);
    return unlisted.length > 0 ? ['unlisted'] : [];
  } catch (error) {
    if (!(error instanceof ModelListError)) throw error;
    print(`${provider}: no list: ${error.message}`);
    return ['unavailable'];
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
