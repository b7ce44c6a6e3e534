import type { PlannedTarget } from '@understudy/contracts';
import { beside, besides, membersOf, present, unless } from './members.ts';
import type { DenseBase } from './members.ts';

/** What a planned target and the attempt at it have in common, under the same names in both. */
type CalledTarget = Pick<
  PlannedTarget,
  'target' | 'provider' | 'kind' | 'model_drawn' | 'model_sent' | 'dialect'
>;

/** Members that are undefined are left out by JSON. `begin.lua` makes an attempt of it. */
export function denseTarget(called: CalledTarget, base: Omit<DenseBase, 'created_at'>): object {
  return {
    p: called.provider,
    t: unless(called.target, called.provider),
    k: called.kind,
    w: called.model_drawn,
    s: beside(called.model_sent, base.model),
    d: beside<string>(called.dialect, base.dialect),
  };
}

/** Reads what `denseTarget` made. */
export function fullTarget(
  {
    p: provider,
    t: target,
    k: kind,
    w: drawn,
    s: sent,
    d: dialect,
  }: Readonly<Record<string, unknown>>,
  base: Omit<DenseBase, 'created_at'>,
): Record<string, unknown> {
  return {
    target: target ?? provider,
    provider,
    kind,
    model_drawn: drawn,
    model_sent: besides(sent, base.model),
    dialect: besides(dialect, base.dialect),
  };
}

export function densePlanned(planned: PlannedTarget, base: DenseBase): object {
  const { target, provider, kind, model_drawn, model_sent, dialect, ...rest } = planned;
  const called = { target, provider, kind, model_drawn, model_sent, dialect };
  return { ...denseTarget(called, base), ...rest };
}

/** Reads what `densePlanned` made. */
export function fullPlanned(kept: unknown, base: DenseBase): object {
  const { p, t, k, w, s, d, ...rest } = membersOf(kept);
  return present({ ...fullTarget({ p, t, k, w, s, d }, base), ...rest });
}
