import { buildVerdicts } from './build-verdicts.ts';
import { parseDuration } from './duration.ts';
import { present } from './present.ts';
import type { RouteFile, TargetFile } from './route-file.ts';
import type { ArmSettings, RouteSettings, TargetSettings } from './settings.ts';

/** A route with all defaults. */
export function buildRoute(name: string, file: RouteFile, defaultMaxCalls: number): RouteSettings {
  return {
    name,
    targets: file.targets.map(buildTarget),
    splitBy: file.splitBy ?? 'job',
    maxCalls: file.maxCalls ?? defaultMaxCalls,
    onRefusal: file.onRefusal ?? 'accept',
    onLoss: file.onLoss ?? 'drop',
    verdicts: buildVerdicts('route', file.verdicts),
    ...present({
      expiresInMs: file.expiresIn === undefined ? undefined : parseDuration(file.expiresIn),
      providers: file.providers && present(file.providers),
    }),
  };
}

function buildTarget(file: TargetFile): RouteSettings['targets'][number] {
  if (!('split' in file)) return buildPlainTarget(file);
  return {
    split: file.split.map((arm): ArmSettings => ({
      ...buildPlainTarget(arm),
      weight: arm.weight,
      fallback: arm.fallback ?? false,
    })),
  };
}

function buildPlainTarget(file: Exclude<TargetFile, { split: unknown }>): TargetSettings {
  return {
    provider: file.provider,
    ...present({
      model: file.model,
      timeoutMs: file.timeout === undefined ? undefined : parseDuration(file.timeout),
      maxQueueWaitMs:
        file.maxQueueWait === undefined ? undefined : parseDuration(file.maxQueueWait),
      contextWindow: file.contextWindow,
    }),
  };
}
