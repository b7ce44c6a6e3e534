import {
  betaHeaders,
  checkedBaseUrl,
  type Dialect,
  dialectFacts,
  pathSegment,
  type ProviderSettings,
  sameDialectEdits,
  type Surface,
  type SurfaceNeeds,
} from '@understudy/provider';
import { DIALECTS } from './model-dialects.ts';
import { gatewayNames } from './model-names.ts';
import { SURFACES } from './surface-paths.ts';
import type { Workspace } from './workspace-host.ts';

/** Where one dialect is spoken, up to what the dialect itself appends. */
export interface Place {
  id: string;
  baseUrl: string;
  gatewayNames: boolean;
}

/** A base URL the operator gave for a dialect is where that dialect is, and nowhere else. */
export function configuredPlaces(settings: ProviderSettings): Map<Dialect, Place[]> {
  const places = new Map<Dialect, Place[]>();
  for (const dialect of DIALECTS) {
    const base = settings.baseUrls?.[dialect];
    if (base === undefined) continue;
    const baseUrl = checkedBaseUrl(settings, `baseUrls.${dialect}`, base);
    places.set(dialect, [{ id: 'configured', baseUrl, gatewayNames: false }]);
  }
  return places;
}

/** Every place of a workspace at which a dialect is spoken, in the order of trying. */
export function placesOf(workspace: Workspace, dialect: Dialect): Place[] {
  return SURFACES.flatMap(({ id, host, paths, gatewayNames: ownNames }) => {
    const origin = host === 'gateway' ? workspace.gatewayOrigin : workspace.origin;
    const basePath = paths[dialect];
    if (origin === undefined || basePath === undefined) return [];
    return [{ id, baseUrl: origin + basePath, gatewayNames: ownNames }];
  });
}

/**
 * A call to a model at a place.
 * @throws UnsafeModelNameError where the name would stand in the path and must not
 */
export function surfaceAt(
  place: Place,
  dialect: Dialect,
  model: string,
  needs: SurfaceNeeds = {},
): Surface & { id: string } {
  const sent = nameAt(place, model, needs);
  return {
    id: place.id,
    ...(sent === model ? {} : { modelSent: sent }),
    ...callOf(place.baseUrl, dialect, sent, needs),
  };
}

function nameAt(place: Place, model: string, { canonical }: SurfaceNeeds): string {
  if (!place.gatewayNames || canonical === undefined) return model;
  return Object.hasOwn(gatewayNames, canonical) ? (gatewayNames[canonical] ?? model) : model;
}

function callOf(baseUrl: string, dialect: Dialect, model: string, needs: SurfaceNeeds): Surface {
  if (dialect === 'generate-content') {
    const url = `${baseUrl}/v1beta/models/${pathSegment(model)}:generateContent`;
    return { url, edits: sameDialectEdits(undefined) };
  }
  const url = baseUrl + dialectFacts(dialect).path;
  const edits = sameDialectEdits(model);
  return dialect === 'messages' ? { url, edits, headers: betaHeaders(needs) } : { url, edits };
}
