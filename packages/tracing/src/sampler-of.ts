import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';
import type { Sampler } from '@opentelemetry/sdk-trace';
import type { Logger } from '@understudy/runtime';

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
const DEFAULT_SAMPLER = 'parentbased_always_on';

/**
 * The sampler that `OTEL_TRACES_SAMPLER` and `OTEL_TRACES_SAMPLER_ARG` name. One that is not known is
 * logged, and the default of the specification holds: what the caller's context says, else everything.
 */
export function samplerOf(environment: Environment, logger: Logger): Sampler {
  const name = environment['OTEL_TRACES_SAMPLER'] ?? '';
  const make = SAMPLERS[name === '' ? DEFAULT_SAMPLER : name];
  if (make === undefined) {
    logger.warn(
      `OTEL_TRACES_SAMPLER is "${name}"; give one of ${Object.keys(SAMPLERS).join(', ')}: ${DEFAULT_SAMPLER} holds`,
    );
  }
  const ratio = ratioOf(environment['OTEL_TRACES_SAMPLER_ARG'], logger);
  return (make ?? SAMPLERS[DEFAULT_SAMPLER]!)(ratio);
}

function ratioOf(text: string | undefined, logger: Logger): number {
  if (text === undefined || text === '') return 1;
  const ratio = Number(text);
  if (ratio >= 0 && ratio <= 1) return ratio;
  logger.warn(`OTEL_TRACES_SAMPLER_ARG is "${text}"; give a number from 0 to 1: 1 holds`);
  return 1;
}
