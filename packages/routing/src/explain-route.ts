import type { Endpoint, JobRequest } from '@understudy/contracts';
import { DIALECT_BY_ENDPOINT, SCHEMA_VERSION } from '@understudy/contracts';
import { targetName } from './draw-arm.ts';
import { isSplit, resolveRoute } from './resolve-route.ts';
import type { Route } from './resolve-route.ts';
import type { RoutingViews } from './routing-views.ts';
import { judgeTarget } from './target-candidate.ts';

export interface ExplainedTarget {
  target: string;
  provider: string;
  kind?: string;
  model_drawn?: string;
  model_sent?: string;
  /** Share of jobs drawn here, for an arm of a split. */
  share?: number;
  /** Set on an arm that is also a fallback when it is not drawn. */
  fallback?: boolean;
  /** `open`, or the rule by which a job would pass this target over. */
  state: string;
  until?: number;
}

export interface ExplainedRoute {
  name: string;
  automatic: boolean;
  targets: ExplainedTarget[];
}

/** Which targets a job would visit, in order, and why one would be skipped; makes no call. */
export function explainRoute(
  model: string,
  endpoint: Endpoint | undefined,
  views: RoutingViews,
  now: number,
): ExplainedRoute | undefined {
  const route = resolveRoute(model, views, new Date(now).toISOString().slice(0, 10));
  if (route === undefined) return undefined;
  const example = exampleRequest(model, endpoint, now);
  return {
    name: route.name,
    automatic: route.automatic,
    targets: route.targets.flatMap((target) => {
      if (!isSplit(target)) return [explainTarget(target, route, example, endpoint, views, now)];
      const total = target.split.reduce((sum, { weight }) => sum + weight, 0);
      return target.split.map((arm) => ({
        ...explainTarget(arm, route, example, endpoint, views, now),
        share: arm.weight / total,
        ...(arm.fallback ? { fallback: true } : {}),
      }));
    }),
  };
}

function explainTarget(
  target: { provider: string; model?: string },
  route: Route,
  example: JobRequest,
  endpoint: Endpoint | undefined,
  views: RoutingViews,
  now: number,
): ExplainedTarget {
  const candidate = judgeTarget(target, route, example, {}, views, now);
  const { planned, availability } = candidate;
  // Without an endpoint nobody asked about the dialect.
  const dialectMatters = candidate.barred !== 'dialect_unsupported' || endpoint !== undefined;
  const state =
    (dialectMatters ? candidate.barred : undefined) ??
    (availability.kind === 'cooling' ? 'cooling_down' : undefined) ??
    (candidate.alive ? undefined : 'no_worker') ??
    (availability.kind === 'half_open' ? 'probing' : 'open');
  return {
    target: targetName(target),
    provider: planned.provider,
    ...(planned.kind === undefined ? {} : { kind: planned.kind }),
    ...(planned.model_drawn === undefined ? {} : { model_drawn: planned.model_drawn }),
    ...(planned.model_sent === undefined ? {} : { model_sent: planned.model_sent }),
    state,
    ...(availability.kind === 'cooling' ? { until: availability.until } : {}),
  };
}

function exampleRequest(
  model: string,
  endpoint: Endpoint = '/v1/chat/completions',
  now: number,
): JobRequest {
  return {
    v: SCHEMA_VERSION,
    id: 'explain',
    project: 'explain',
    endpoint,
    dialect: DIALECT_BY_ENDPOINT[endpoint],
    model,
    priority: 5,
    order: 1,
    traceparent: '',
    created_at: now,
    expires_at: now,
  };
}
