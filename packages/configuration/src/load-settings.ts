import { readFileSync } from 'node:fs';
import { buildSettings } from './build-settings.ts';
import { ConfigurationError } from './configuration-error.ts';
import { environmentFiles } from './environment-files.ts';
import { environmentMetrics } from './environment-metrics.ts';
import { environmentOutbound } from './environment-outbound.ts';
import { interpolate, type Environment } from './interpolate.ts';
import type { KindManifest } from './kind-manifest.ts';
import type { PathPart } from './problem-path.ts';
import { referenceProblems } from './reference-problems.ts';
import type { Settings } from './settings.ts';
import { settingsFileSchema } from './settings-file.ts';
import { shapeProblems } from './shape-problems.ts';
import { isMapping, mappingAt, parseYaml, type Tree } from './yaml-tree.ts';

export interface LoadOptions {
  /** The YAML file; without one, providers come from the environment. */
  path?: string | undefined;
  environment: Environment;
  kinds: readonly KindManifest[];
  credentials: Credentials;
  /** Refuses a file that says nothing, as one does for a moment that is written in place. */
  refuseEmpty?: boolean;
}

/**
 * Of which providers the fields that hold secrets are resolved. Of the others they are not in the
 * result either, so that a service starts without the secrets of providers that it does not call;
 * whether they are named is checked all the same.
 */
export type Credentials = 'resolve' | 'ignore' | { of(provider: string, kind: string): boolean };

/**
 * Reads, checks and completes the settings.
 * @throws ConfigurationError listing every problem of the file at once
 */
export function loadSettings(options: LoadOptions): Settings {
  const { path, environment, kinds } = options;
  if (path === undefined) return readSettings(environmentTree(kinds, environment), options);
  const text = readText(path);
  try {
    return { ...parseSettings(text, options), path };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    throw new ConfigurationError(error.problems, path);
  }
}

/**
 * The same for settings that are already text.
 * @throws ConfigurationError listing every problem at once
 */
export function parseSettings(text: string, options: Omit<LoadOptions, 'path'>): Settings {
  const tree = parseYaml(text);
  if (tree === null && options.refuseEmpty === true) {
    throw new ConfigurationError(['the file is empty; write {} if nothing is meant']);
  }
  return readSettings(tree ?? {}, options);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigurationError([
      `the configuration file "${path}" cannot be read (${reason}); give another with --config or UNDERSTUDY_CONFIG`,
    ]);
  }
}

/** One provider for each entry of the kinds whose variables are all set. */
function environmentTree(kinds: readonly KindManifest[], environment: Environment): Tree {
  const enabled = kinds.flatMap((manifest) =>
    manifest.environment
      .filter((entry) => entry.when.every((variable) => (environment[variable] ?? '') !== ''))
      .map((entry) => [entry.provider, { kind: manifest.kind, ...entry.settings }]),
  );
  return { providers: Object.fromEntries(enabled) };
}

function readSettings(tree: Tree, { environment, kinds, credentials }: LoadOptions): Settings {
  const visible = credentials === 'resolve' ? tree : withCredentialsOf(credentials, tree, kinds);
  const interpolated = interpolate(visible, environment);
  const outbound = environmentOutbound(environment);
  const metrics = environmentMetrics(environment);
  const parsed = settingsFileSchema(kinds).safeParse(interpolated.tree, { reportInput: true });
  const unresolved = interpolated.problems.map((problem) => problem.path);
  const problems = [
    ...interpolated.problems.map((problem) => problem.text),
    ...outbound.problems,
    ...metrics.problems,
    ...(parsed.success ? [] : parsed.error.issues)
      .flatMap((issue) => shapeProblems(issue))
      .filter((problem) => !unresolved.some((path) => isAtOrBelow(problem.path, path)))
      .map((problem) => problem.text),
    ...referenceProblems(interpolated.tree, kinds, tree),
  ];
  if (problems.length > 0 || !parsed.success) throw new ConfigurationError(problems);
  return buildSettings(
    {
      ...parsed.data,
      outbound: { ...outbound.value, ...parsed.data.outbound },
      files: { ...environmentFiles(environment), ...parsed.data.files },
      metrics: { ...parsed.data.metrics, ...metrics.value },
    },
    kinds,
  );
}

function isAtOrBelow(path: readonly PropertyKey[], above: readonly PathPart[]): boolean {
  return above.every((part, index) => path[index] === part);
}

function withCredentialsOf(
  credentials: Exclude<Credentials, 'resolve'>,
  tree: Tree,
  kinds: readonly KindManifest[],
): Tree {
  if (!isMapping(tree) || !isMapping(tree['providers'])) return tree;
  const providers = Object.entries(mappingAt(tree, 'providers')).map(([name, provider]) => {
    if (!isMapping(provider)) return [name, provider];
    const manifest = kinds.find(({ kind }) => kind === provider['kind']);
    if (manifest === undefined) return [name, provider];
    if (credentials !== 'ignore' && credentials.of(name, manifest.kind)) return [name, provider];
    const secrets = manifest.credentials;
    const open = Object.entries(provider).filter(([member]) => !secrets.includes(member));
    return [name, Object.fromEntries(open)];
  });
  return { ...tree, providers: Object.fromEntries(providers) };
}
