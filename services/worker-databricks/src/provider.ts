import {
  checkedBaseUrl,
  defineProviderKind,
  type Dialect,
  dialectFacts,
  type ProviderKind,
  type ProviderSettings,
  requiredCredential,
  requiredSetting,
  sameDialectEdits,
  settingError,
} from '@understudy/provider';
import { askWorkspaceId } from './ask-workspace-id.ts';
import { KnownWorkspace } from './known-workspace.ts';
import { MissingSurfaces } from './missing-surfaces.ts';
import { modelNames } from './model-names.ts';
import { SURFACES } from './surface-paths.ts';
import { verdictRules } from './verdict-rules.ts';
import { readWorkspaceHost, type Workspace } from './workspace-host.ts';

const DIALECTS: readonly Dialect[] = ['messages', 'responses', 'chat-completions', 'embeddings'];

/** @param now milliseconds of a monotonic clock */
export function defineDatabricks(now: () => number, ask = askWorkspaceId): ProviderKind {
  return defineProviderKind({
    name: 'databricks',

    connect(settings) {
      const authorization = `Bearer ${requiredCredential(settings, 'token')}`;
      const workspace = new KnownWorkspace(workspaceOf(settings), now, ask);
      const configured = configuredPlaces(settings);
      const missing = new MissingSurfaces(now);
      return {
        vendor: 'databricks',
        dialects: DIALECTS,
        names: { models: modelNames },
        rules: verdictRules,
        baseUrl: workspace.current.origin,
        surfaces(dialect, model) {
          const all = configured.get(dialect) ?? placesOf(workspace.current, dialect);
          const open = all.filter(({ id }) => !missing.has(id, dialect, model));
          // Missing everywhere: one call to the last place tells whether it still is.
          const tried = open.length > 0 ? open : all.slice(-1);
          return tried.map((place) => ({ ...place, edits: sameDialectEdits(model) }));
        },
        learn(surface, dialect, model, isMissing) {
          if (surface.id !== undefined) missing.note(surface.id, dialect, model, isMissing);
        },
        async credentials(signal) {
          await workspace.learn(authorization, signal);
          return { authorization };
        },
      };
    },
  });
}

export const databricks = defineDatabricks(() => performance.now());

interface Place {
  id: string;
  url: string;
}

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

// A base URL the operator gave for a dialect is where that dialect is, and nowhere else.
function configuredPlaces(settings: ProviderSettings): Map<Dialect, Place[]> {
  const places = new Map<Dialect, Place[]>();
  for (const dialect of DIALECTS) {
    const base = settings.baseUrls?.[dialect];
    if (base === undefined) continue;
    const baseUrl = checkedBaseUrl(settings, `baseUrls.${dialect}`, base);
    places.set(dialect, [{ id: 'configured', url: baseUrl + dialectFacts(dialect).path }]);
  }
  return places;
}

function placesOf(workspace: Workspace, dialect: Dialect): Place[] {
  return SURFACES.flatMap(({ id, host, paths }) => {
    const origin = host === 'gateway' ? workspace.gatewayOrigin : workspace.origin;
    const basePath = paths[dialect];
    if (origin === undefined || basePath === undefined) return [];
    return [{ id, url: origin + basePath + dialectFacts(dialect).path }];
  });
}
