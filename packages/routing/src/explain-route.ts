import type { TargetSettings } from '@understudy/configuration';
import type { Dialect, Endpoint, JobRequest, StaleName } from '@understudy/contracts';
import { DIALECT_BY_ENDPOINT, SCHEMA_VERSION, utcDay } from '@understudy/contracts';
import { closingRule } from './plan-next.ts';
import { isSplit, resolveRoute } from './resolve-route.ts';
import type { Route } from './resolve-route.ts';
import type { RoutingViews } from './routing-views.ts';
import { STALE_NAME, hasFirmTarget } from './stale-name.ts';
import { judgeTarget } from './target-candidate.ts';
import type { TargetCandidate } from './target-candidate.ts';

/** No project can have this name. */
const NO_PROJECT = '';

export interface ExplainedTarget {
  target: string;
  provider: string;
  kind?: string;
  model_drawn?: string;
  model_sent?: string;
  /** The wire format the call would have; another than the endpoint's where it is translated. */
  dialect?: Dialect;
  /** Share of jobs drawn here, for an arm of a split. */
  share?: number;
  /** Set on an arm that is also a fallback when it is not drawn. */
  fallback?: boolean;
  /** `open`, the rule by which a job would pass this target over, or `down` as was asked for. */
  state: string;
  /** Set on one in the state `probing` while a call holds its probe: no other job is put there. */
  probed?: true;
  until?: number;
}

export interface ExplainedRoute {
  name: string;
  automatic: boolean;
  targets: ExplainedTarget[];
}

/**
 * Which targets a job would visit, in order, and why one would be skipped; makes no call.
 * @param without names of providers: as if these were down
 * @param project whose jobs; absent, of one that may go anywhere
 */
export function explainRoute(
  model: string,
  endpoint: Endpoint | undefined,
  views: RoutingViews,
  now: number,
  without: readonly string[] = [],
  project = NO_PROJECT,
): ExplainedRoute | undefined {
  const example = exampleRequest(project, model, endpoint, now);
  const route = resolveRoute(model, views, utcDay(now), example);
  if (route === undefined) return undefined;
  const asked = endpoint !== undefined;
  const judge = (target: TargetSettings): TargetCandidate => {
    const { barred, ...candidate } = judgeTarget(target, route, example, {}, views, now);
    // Without an endpoint nobody asked about the dialect.
    if (barred === undefined || (barred === 'dialect_unsupported' && !asked)) return candidate;
    return { ...candidate, barred };
  };
  const explain = (target: TargetSettings): ExplainedTarget => {
    const candidate = judge(target);
    const others = () => targetsBeside(target, route).map(judge);
    const isPassedOver = candidate.stale !== undefined && hasFirmTarget(others(), {});
    return explainTarget(candidate, {
      stale: isPassedOver ? candidate.stale : undefined,
      asked,
      down: without.includes(target.provider),
    });
  };
  return {
    name: route.name,
    automatic: route.automatic,
    targets: route.targets.flatMap((target) => {
      if (!isSplit(target)) return [explain(target)];
      const total = target.split.reduce((sum, { weight }) => sum + weight, 0);
      return target.split.map((arm) => ({
        ...explain(arm),
        share: arm.weight / total,
        ...(arm.fallback ? { fallback: true } : {}),
      }));
    }),
  };
}

/** Where else a job could go that was drawn to this target. */
function targetsBeside(target: TargetSettings, route: Route): TargetSettings[] {
  return route.targets.flatMap((other): TargetSettings[] => {
    if (!isSplit(other)) return [other];
    const drawn = other.split.some((arm) => arm === target);
    return drawn ? other.split.filter(({ fallback }) => fallback) : other.split;
  });
}

interface Circumstances {
  /** Set where a job would pass the target over for it. */
  stale: StaleName | undefined;
  /** Somebody asked for a dialect. */
  asked: boolean;
  /** The provider is to be thought away. */
  down: boolean;
}

function explainTarget(
  candidate: TargetCandidate,
  { stale, asked, down }: Circumstances,
): ExplainedTarget {
  const { planned, barred, availability, alive } = candidate;
  const until = stale?.until ?? (availability.kind === 'cooling' ? availability.until : undefined);
  const closedBy = availability.kind === 'half_open' ? undefined : closingRule(availability);
  const state =
    barred ??
    (down ? 'down' : undefined) ??
    (stale === undefined ? undefined : STALE_NAME) ??
    closedBy ??
    (alive ? undefined : 'no_worker') ??
    (availability.kind === 'half_open' ? 'probing' : 'open');
  return {
    target: planned.target,
    provider: planned.provider,
    ...(planned.kind === undefined ? {} : { kind: planned.kind }),
    ...(planned.model_drawn === undefined ? {} : { model_drawn: planned.model_drawn }),
    ...(planned.model_sent === undefined ? {} : { model_sent: planned.model_sent }),
    ...(planned.dialect === undefined || !asked ? {} : { dialect: planned.dialect }),
    state,
    ...(state === 'probing' && closingRule(availability) !== undefined ? { probed: true } : {}),
    ...(until === undefined || down ? {} : { until }),
  };
}

function exampleRequest(
  project: string,
  model: string,
  endpoint: Endpoint = '/v1/chat/completions',
  now: number,
): JobRequest {
  return {
    v: SCHEMA_VERSION,
    id: 'explain',
    project,
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
