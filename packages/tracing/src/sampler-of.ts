import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';
import type { Sampler } from '@opentelemetry/sdk-trace';
import type { Logger } from '@understudy/runtime';
import { RateLimitedSampler } from './rate-limited-sampler.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const SAMPLERS: Readonly<Record<string, (ratio: number) => Sampler>> = {
  always_on: () => new AlwaysOnSampler(),
  always_off: () => new AlwaysOffSampler(),
  traceidratio: (ratio) => new TraceIdRatioBasedSampler(ratio),
  parentbased_always_on: () => new ParentBasedSampler({ root: new AlwaysOnSampler() }),
  parentbased_always_off: () => new ParentBasedSampler({ root: new AlwaysOffSampler() }),
  parentbased_traceidratio: (ratio) =>
    new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
};
/** The default of the specification. */
const FALLBACK = 'parentbased_always_on';
/** Of one process, where nothing else is said. */
const TRACES_PER_SECOND = 10;

/**
 * The sampler that `OTEL_TRACES_SAMPLER` and `OTEL_TRACES_SAMPLER_ARG` name; one that is not known is
 * logged, and the default of the specification holds. Where nothing is named, the caller's context
 * decides, else the first ten of a second are kept.
 */
export function samplerOf(environment: Environment, logger: Logger): Sampler {
  const name = environment['OTEL_TRACES_SAMPLER'] ?? '';
  if (name === '') {
    const root = new RateLimitedSampler(TRACES_PER_SECOND, () => performance.now());
    return new ParentBasedSampler({ root });
  }
  const make = SAMPLERS[name];
  if (make === undefined) {
    logger.warn(
      `OTEL_TRACES_SAMPLER is "${name}"; give one of ${Object.keys(SAMPLERS).join(', ')}: ${FALLBACK} holds`,
    );
  }
  const ratio = ratioOf(environment['OTEL_TRACES_SAMPLER_ARG'], logger);
  return (make ?? SAMPLERS[FALLBACK]!)(ratio);
}

function ratioOf(text: string | undefined, logger: Logger): number {
  if (text === undefined || text === '') return 1;
  const ratio = Number(text);
  if (ratio >= 0 && ratio <= 1) return ratio;
  logger.warn(`OTEL_TRACES_SAMPLER_ARG is "${text}"; give a number from 0 to 1: 1 holds`);
  return 1;
}
