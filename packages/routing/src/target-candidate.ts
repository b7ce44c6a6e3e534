import type { Settings, TargetSettings } from '@understudy/configuration';
import { utcDay } from '@understudy/contracts';
import type { JobProgress, JobRequest, PlannedTarget, StaleName } from '@understudy/contracts';
import { lookupName } from '@understudy/models';
import { callDialect, spokenDialects } from './call-dialect.ts';
import { drawArm, splitValue, targetName } from './draw-arm.ts';
import { isPermitted } from './provider-rules.ts';
import { isSplit } from './resolve-route.ts';
import type { Route } from './resolve-route.ts';
import type { RoutingViews, TargetAvailability } from './routing-views.ts';

/** The rule by which a target is passed over whose provider must not see the job. */
export const PROVIDER_EXCLUDED = 'provider_excluded';

/** One target of a route after the draw, and whether this job could go there now. */
export interface TargetCandidate {
  planned: PlannedTarget;
  maxQueueWaitMs?: number;
  contextWindow?: number;
  /** Why this job can never go there. */
  barred?:
    | 'unmapped'
    | 'retired'
    | 'dialect_unsupported'
    | 'window_too_small'
    | typeof PROVIDER_EXCLUDED;
  /** Set while the name that would be sent is one the provider did not know lately. */
  stale?: StaleName;
  alive: boolean;
  availability: TargetAvailability;
}

/**
 * The route's targets in order, splits drawn; `draws` holds every draw, old and new. An arm that must
 * not see the job is none: a draw that a rule made later forbids is drawn anew among the others.
 */
export function drawTargets(
  route: Route,
  request: JobRequest,
  draws: Readonly<Record<string, string>>,
  settings: Settings,
): { targets: TargetSettings[]; draws: Record<string, string> } {
  const drawn: Record<string, string> = { ...draws };
  const targets: TargetSettings[] = [];
  let splits = 0;
  for (const target of route.targets) {
    if (!isSplit(target)) {
      targets.push(target);
      continue;
    }
    // Splits are counted apart: a plain target put in front of one must not redraw it.
    const key = `${route.name}#${splits}`;
    splits += 1;
    const permitted = target.split.filter(({ provider }) =>
      isPermitted(provider, route, request, settings),
    );
    // Where none may see the job, the drawn one tells so.
    const arms = permitted.length > 0 ? permitted : target.split;
    const kept = arms.find((arm) => targetName(arm) === drawn[key]);
    const arm = kept ?? drawArm(arms, key, splitValue(route.splitBy, request));
    drawn[key] = targetName(arm);
    targets.push(arm, ...target.split.filter((other) => other !== arm && other.fallback));
  }
  return { targets, draws: drawn };
}

/** Looks at one target without a call and without waiting. */
export function judgeTarget(
  target: TargetSettings,
  route: Route,
  request: JobRequest,
  progress: Pick<JobProgress, 'window_exceeded'>,
  views: RoutingViews,
  now: number,
): TargetCandidate {
  const { provider } = target;
  const registration = views.registration(provider);
  const lookup =
    registration === undefined
      ? undefined
      : lookupName(request.model, target.model, registration, utcDay(now));
  const model = lookup?.kind === 'mapped' ? lookup.model : undefined;
  const stale = model === undefined ? undefined : views.staleName(provider, model, now);
  const dialect =
    registration === undefined
      ? undefined
      : callDialect(
          request.dialect,
          spokenDialects(registration, [model, target.model ?? request.model]),
        );
  const barred =
    (isPermitted(provider, route, request, views.settings) ? undefined : PROVIDER_EXCLUDED) ??
    (lookup === undefined || lookup.kind === 'mapped' ? undefined : lookup.kind) ??
    (registration !== undefined && dialect === undefined ? 'dialect_unsupported' : undefined) ??
    tooSmall(target.contextWindow, progress.window_exceeded);
  return {
    planned: {
      target: targetName(target),
      provider,
      ...(registration === undefined ? {} : { kind: registration.kind }),
      ...(target.model === undefined ? {} : { model_drawn: target.model }),
      ...(model === undefined ? {} : { model_sent: model }),
      ...(dialect === undefined ? {} : { dialect }),
      ...(target.timeoutMs === undefined ? {} : { timeout_ms: target.timeoutMs }),
    },
    ...patience(target, request),
    ...(target.contextWindow === undefined ? {} : { contextWindow: target.contextWindow }),
    ...(barred === undefined ? {} : { barred }),
    ...(stale === undefined ? {} : { stale }),
    alive: views.isAlive(provider),
    availability: model === undefined ? { kind: 'open' } : views.availability(provider, model, now),
  };
}

/**
 * How long the job stands in this queue. A batch's line has time: thousands of them, none of which
 * anybody waits for, would else all run out of patience and flood the dearer target.
 */
function patience(
  { maxQueueWaitMs }: TargetSettings,
  { batch }: JobRequest,
): Pick<TargetCandidate, 'maxQueueWaitMs'> {
  return maxQueueWaitMs === undefined || batch !== undefined ? {} : { maxQueueWaitMs };
}

/** Once a body was too long somewhere, only a window declared larger is worth a call. */
function tooSmall(
  window: number | undefined,
  exceeded: number | undefined,
): 'window_too_small' | undefined {
  if (exceeded === undefined) return undefined;
  return window !== undefined && window > exceeded ? undefined : 'window_too_small';
}
