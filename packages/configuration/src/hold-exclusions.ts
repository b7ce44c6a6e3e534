import type { ProviderRule, RouteSettings, Settings } from './settings.ts';

/**
 * Changed settings with the providers as they are, which a change of the file does not touch. A
 * provider that the file no longer names serves on until its next start, and the file can no longer
 * say who must not go there: what was forbidden stays so.
 */
export function holdExclusions(current: Settings, changed: Settings): Settings {
  const gone = new Set(
    Object.keys(current.providers).filter((name) => !Object.hasOwn(changed.providers, name)),
  );
  if (gone.size === 0) return { ...changed, providers: current.providers };
  const routesBefore = new Map(Object.entries(current.routes));
  const routes = Object.values(changed.routes).map((route): [string, RouteSettings] => {
    const held = routesBefore.get(route.name)?.providers;
    const providers = withHeld(held, route.providers, gone);
    return [route.name, providers === undefined ? route : { ...route, providers }];
  });
  const before = new Map(Object.entries(current.projectProviders));
  const after = new Map(Object.entries(changed.projectProviders));
  const rules = [...new Map([...before, ...after]).keys()].flatMap(
    (project): [string, ProviderRule][] => {
      const rule = withHeld(before.get(project), after.get(project), gone);
      return rule === undefined ? [] : [[project, rule]];
    },
  );
  return {
    ...changed,
    providers: current.providers,
    routes: Object.fromEntries(routes),
    projectProviders: Object.fromEntries(rules),
  };
}

/** A rule, with what the one before it excludes and the file cannot name any more. */
function withHeld(
  before: ProviderRule | undefined,
  rule: ProviderRule | undefined,
  gone: ReadonlySet<string>,
): ProviderRule | undefined {
  const held = (before?.except ?? []).filter((name) => gone.has(name));
  if (held.length === 0) return rule;
  return { ...rule, except: [...(rule?.except ?? []), ...held] };
}
