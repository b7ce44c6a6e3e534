import { UnsealedError } from './seal-errors.ts';
import type { Sealer } from './sealer.ts';

/** Where a record's encrypted members stand, in one text. */
const SEALED = 'sealed';

/**
 * Members of a JSON record that are encrypted together, where the rest stays readable to scripts.
 * A record from before there was a key is read as it is, unless all must be encrypted.
 */
export interface SealedMembers {
  /** The record as it is kept. */
  seal(record: object, place: string): object;
  /**
   * What `seal` was given, of what JSON made of its result.
   * @throws MissingKeyError, BrokenSealError, UnsealedError
   */
  open(kept: unknown, place: string): Record<string, unknown>;
}

/** @param names of the members; one that a record lacks is nothing to encrypt */
export function createSealedMembers(sealer: Sealer, names: readonly string[]): SealedMembers {
  return {
    seal: (record, place) => {
      if (!sealer.encrypts) return record;
      const [hidden, shown] = divide(record, names);
      if (Object.keys(hidden).length === 0) return shown;
      return { ...shown, [SEALED]: sealer.sealText(JSON.stringify(hidden), place) };
    },
    open: (kept, place) => {
      if (!isRecord(kept)) throw new TypeError(`no record at ${place}`);
      if (sealer.required && names.some((name) => kept[name] !== undefined)) {
        throw new UnsealedError(place);
      }
      // Of most nothing was encrypted.
      if (!Object.hasOwn(kept, SEALED)) return kept;
      const { [SEALED]: text, ...shown } = kept;
      if (typeof text !== 'string') return shown;
      return { ...shown, ...JSON.parse(sealer.openText(text, place)) };
    },
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function divide(
  record: object,
  names: readonly string[],
): [hidden: Record<string, unknown>, shown: Record<string, unknown>] {
  const members = Object.entries(record).filter(([, value]) => value !== undefined);
  const isHidden = ([name]: [string, unknown]): boolean => names.includes(name);
  return [
    Object.fromEntries(members.filter(isHidden)),
    Object.fromEntries(members.filter((member) => !isHidden(member))),
  ];
}
