import { SCHEMA_VERSION } from '@understudy/contracts';
import type { JobEnd, JobError } from '@understudy/contracts';
import { denseCost, denseUsage, fullCost, fullUsage } from './dense-cost.ts';
import { denseError, fullError } from './dense-error.ts';
import { membersOf, present } from './members.ts';
import type { Members } from './members.ts';

/** The end of a job under short names; of an error only what the provider said. */
export function denseEnd({ v: _version, result, error, usage, cost, ...rest }: JobEnd): object {
  return {
    r:
      result === undefined ? undefined : { p: result.provider, m: result.model, f: result.refusal },
    e: error === undefined ? undefined : denseJobError(error),
    g: usage === undefined ? undefined : denseUsage(usage),
    x: cost === undefined ? undefined : denseCost(cost),
    ...rest,
  };
}

/** Reads what `denseEnd` made; an end of the first form as it is. */
export function fullEnd(kept: Members): Members {
  if ('v' in kept) return kept;
  const { r, e, g, x, ...rest } = kept;
  return present({
    v: SCHEMA_VERSION,
    result: r === undefined ? undefined : fullResult(membersOf(r)),
    error: e === undefined ? undefined : fullJobError(membersOf(e)),
    usage: fullUsage(g),
    cost: fullCost(x),
    ...rest,
  });
}

function fullResult({ p: provider, m: model, f: refusal }: Members): object {
  return present({ provider, model, refusal });
}

function denseJobError({ provider_error: said, ...error }: JobError): object {
  return said === undefined ? error : { ...error, s: denseError(said) };
}

function fullJobError({ s: said, ...error }: Members): object {
  return said === undefined ? error : { ...error, provider_error: fullError(said) };
}
