import {
  checkedBaseUrl,
  defineProviderKind,
  type ProviderKind,
  type ProviderSettings,
  requiredSetting,
  settingError,
} from '@understudy/provider';
import { askWorkspaceId } from './ask-workspace-id.ts';
import { databricksCredentials } from './databricks-credentials.ts';
import { KnownWorkspace } from './known-workspace.ts';
import { MissingSurfaces } from './missing-surfaces.ts';
import { DIALECTS, dialectsOf, REFUSED } from './model-dialects.ts';
import { modelNames } from './model-names.ts';
import { configuredPlaces, placesOf, surfaceAt } from './places.ts';
import { verdictRules } from './verdict-rules.ts';
import { readWorkspaceHost, type Workspace } from './workspace-host.ts';

/** @param now milliseconds of a monotonic clock */
export function defineDatabricks(now: () => number, ask = askWorkspaceId): ProviderKind {
  return defineProviderKind({
    name: 'databricks',

    connect(settings) {
      const workspace = new KnownWorkspace(workspaceOf(settings), now, ask);
      const configured = configuredPlaces(settings);
      const credentials = databricksCredentials(settings, workspace.current.origin, now);
      const missing = new MissingSurfaces(now);
      return {
        vendor: 'databricks',
        dialects: DIALECTS,
        dialectsOf,
        refuses: REFUSED,
        names: { models: modelNames },
        rules: verdictRules,
        baseUrl: workspace.current.origin,
        surfaces(dialect, model, needs) {
          const all = configured.get(dialect) ?? placesOf(workspace.current, dialect);
          const open = all.filter(({ id }) => !missing.has(id, dialect, model));
          // Missing everywhere: one call to the last place tells whether it still is.
          const tried = open.length > 0 ? open : all.slice(-1);
          return tried.map((place) => surfaceAt(place, dialect, model, needs));
        },
        learn(surface, dialect, model, isMissing) {
          if (surface.id !== undefined) missing.note(surface.id, dialect, model, isMissing);
        },
        async credentials(signal) {
          const authorization = await credentials.authorization(signal);
          await workspace.learn(authorization, signal);
          return { authorization };
        },
        close: () => credentials.close(),
      };
    },
  });
}

export const databricks = defineDatabricks(() => performance.now());

function workspaceOf(settings: ProviderSettings): Workspace {
  if (settings.baseUrl !== undefined) {
    return { origin: checkedBaseUrl(settings, 'baseUrl', settings.baseUrl) };
  }
  const workspace = readWorkspaceHost(requiredSetting(settings, 'host'));
  if (workspace === undefined) {
    throw settingError(settings, 'host', 'is neither a host name nor an http(s) URL');
  }
  return workspace;
}
