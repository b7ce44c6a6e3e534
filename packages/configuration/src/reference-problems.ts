import type { KindManifest } from './kind-manifest.ts';
import { suggestName } from './suggest-name.ts';
import { formatPath, formatProblem, type PathPart } from './problem-path.ts';
import { isMapping, mappingAt, type Mapping, type Tree } from './yaml-tree.ts';

/**
 * What a shape cannot say: names that nothing has, fields that a kind does not take or misses,
 * the same target twice. Works on the unchecked tree, so that a mistake elsewhere hides none.
 * @param written the tree as written, secrets and all: what counts as given
 */
export function referenceProblems(
  tree: Tree,
  kinds: readonly KindManifest[],
  written: Tree,
): string[] {
  const providers = mappingAt(written, 'providers');
  return [
    ...Object.entries(providers).flatMap(([name, provider]) =>
      isMapping(provider) ? kindProblems(['providers', name], provider, kinds) : [],
    ),
    ...Object.entries(mappingAt(tree, 'routes')).flatMap(([name, route]) =>
      routeProblems(['routes', name], route, Object.keys(providers)),
    ),
    ...Object.entries(mappingAt(tree, 'projects')).flatMap(([name, project]) =>
      ruleProblems(['projects', name], project, Object.keys(providers)),
    ),
  ];
}

function kindProblems(
  path: PathPart[],
  provider: Mapping,
  kinds: readonly KindManifest[],
): string[] {
  const manifest = kinds.find((candidate) => candidate.kind === provider['kind']);
  if (manifest === undefined) return [];
  const foreign = [...new Set(kinds.flatMap((kind) => Object.keys(kind.fields)))].filter(
    (field) => field in provider && !(field in manifest.fields),
  );
  return [
    ...foreign.map((field) =>
      formatProblem(
        [...path, field],
        `a provider of kind "${manifest.kind}" takes no "${field}"; it takes ${Object.keys(manifest.fields).join(', ')}`,
      ),
    ),
    ...Object.entries(manifest.choices ?? {}).flatMap(([field, choices]) => {
      const value = provider[field];
      // A value from the environment is looked at by the worker.
      if (typeof value !== 'string' || value.includes('${') || choices.includes(value)) return [];
      const problem = `no ${field} named "${value}"; ${suggestName(value, choices)}`;
      return [formatProblem([...path, field], problem)];
    }),
    ...manifest.required
      .filter((group) => !group.some((field) => field in provider))
      .map((group) =>
        formatProblem(
          [...path, group[0] ?? ''],
          `is missing; a provider of kind "${manifest.kind}" needs ${group.join(' or ')}`,
        ),
      ),
  ];
}

interface FoundTarget {
  path: PathPart[];
  target: Mapping;
}

function targetsOf(path: PathPart[], route: Tree): FoundTarget[] {
  const targets = isMapping(route) ? route['targets'] : undefined;
  return listAt([...path, 'targets'], targets).flatMap((found) => {
    const arms = found.target['split'];
    return arms === undefined ? [found] : listAt([...found.path, 'split'], arms);
  });
}

function listAt(path: PathPart[], list: Tree): FoundTarget[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((target: Tree, index) =>
    isMapping(target) ? [{ path: [...path, index], target }] : [],
  );
}

function routeProblems(path: PathPart[], route: Tree, providers: readonly string[]): string[] {
  const targets = targetsOf(path, route);
  const seen = new Map<string, PathPart[]>();
  const problems = targets.flatMap(({ path: at, target }) => {
    const provider = target['provider'];
    if (typeof provider !== 'string') return [];
    const key = JSON.stringify([provider, target['model']]);
    const first = seen.get(key);
    if (first === undefined) seen.set(key, at);
    return [
      ...unknownProvider([...at, 'provider'], provider, providers),
      ...(first === undefined
        ? []
        : [formatProblem(at, `the same target as ${formatPath(first)}; keep one`)]),
    ];
  });
  return [...problems, ...ruleProblems(path, route, providers)];
}

/** Of `providers: {only | except}`, which a route and a project may have. */
function ruleProblems(path: PathPart[], owner: Tree, providers: readonly string[]): string[] {
  const rule = mappingAt(owner, 'providers');
  return ['only', 'except'].flatMap((member) => {
    const names = rule[member];
    if (!Array.isArray(names)) return [];
    return names.flatMap((name: Tree, index) =>
      typeof name === 'string'
        ? unknownProvider([...path, 'providers', member, index], name, providers)
        : [],
    );
  });
}

function unknownProvider(path: PathPart[], name: string, providers: readonly string[]): string[] {
  if (providers.includes(name)) return [];
  return [formatProblem(path, `no provider named "${name}"; ${suggestName(name, providers)}`)];
}
