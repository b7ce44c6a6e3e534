import { own } from '@understudy/contracts';
import type { Registration } from '@understudy/contracts';
import { canonicalName } from './canonical-name.ts';

/** The parts of a registration that name models. */
export type NamedModels = Pick<
  Registration,
  'models' | 'accepts' | 'retired' | 'overrides' | 'passthrough'
>;

export type NameLookup =
  /** The provider's own name, to be sent. */
  | { kind: 'mapped'; model: string }
  /** Nobody knows the name here, so it is sent nowhere. */
  | { kind: 'unmapped' }
  /** The provider has not served the model since this ISO date. */
  | { kind: 'retired'; since: string };

/**
 * What a provider calls a model. In order: the target's own model, which the operator chose and
 * which is therefore sent in any case; the operator's names; retirement, whichever spelling was
 * asked; names the vendor takes unchanged; the provider's table; `passthrough`.
 * @param todayIso date as `2026-11-22`; a model is retired from its date on
 */
export function lookupName(
  requested: string,
  targetModel: string | undefined,
  registration: NamedModels,
  todayIso: string,
): NameLookup {
  if (targetModel !== undefined) {
    return { kind: 'mapped', model: knownName(targetModel, registration) ?? targetModel };
  }
  const found = lookupInTables(requested, registration, todayIso);
  return found.kind === 'unmapped' && registration.passthrough
    ? { kind: 'mapped', model: requested }
    : found;
}

/** The same of a name that is asked for, by what is written down of it alone: `passthrough` knows nothing. */
export function lookupInTables(
  requested: string,
  registration: NamedModels,
  todayIso: string,
): NameLookup {
  const override = byNameOrCanonical(registration.overrides, requested);
  if (override !== undefined) return { kind: 'mapped', model: override };

  const since = own(registration.retired, canonicalName(requested) ?? requested);
  if (since !== undefined && since <= todayIso) return { kind: 'retired', since };

  const model = knownName(requested, registration);
  return model === undefined ? { kind: 'unmapped' } : { kind: 'mapped', model };
}

function knownName(name: string, registration: NamedModels): string | undefined {
  const override = byNameOrCanonical(registration.overrides, name);
  if (override !== undefined) return override;
  if (registration.accepts.includes(name)) return name;
  return byNameOrCanonical(registration.models, name);
}

function byNameOrCanonical(names: Record<string, string>, name: string): string | undefined {
  const direct = own(names, name);
  if (direct !== undefined) return direct;
  const canonical = canonicalName(name);
  return canonical === undefined ? undefined : own(names, canonical);
}
