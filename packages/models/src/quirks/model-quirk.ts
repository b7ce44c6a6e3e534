import type { Dialect, LossWarning } from '@understudy/contracts';

/** The parsed value of a top-level member of a body; undefined where there is none. */
export type ReadMember = (name: string) => unknown;

export interface QuirkEdits {
  /** Top-level members to set, or (undefined) to remove. */
  edits: Record<string, unknown>;
  /** What the caller asked for and does not get; a mere renaming is none. */
  losses: LossWarning[];
}

/** One thing that some models do not take in a body of these dialects. */
export interface ModelQuirk {
  /** Canonical names. */
  models: readonly string[];
  dialects: readonly Dialect[];
  edit(read: ReadMember, model: string): QuirkEdits;
}

export const NO_EDITS: QuirkEdits = { edits: {}, losses: [] };

/** Whether a member says anything: `null` stands for the default, as absence does. */
export function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** A JSON object's members; none for any other value. */
export function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(Object.entries(value));
}

/** A member that models answer with an error, unless its value is one they take. */
export interface Refusal {
  member: string;
  /** Values that the models take all the same, such as the default. */
  takes(value: unknown): boolean;
  /** Completes "<model> takes …". */
  reason: string;
}

/** Removes members that the models answer with an error. */
export function refuses(
  quirk: Pick<ModelQuirk, 'models' | 'dialects'>,
  refusals: readonly Refusal[],
  applies: (read: ReadMember, model: string) => boolean = () => true,
): ModelQuirk {
  return {
    ...quirk,
    edit(read, model) {
      if (!applies(read, model)) return NO_EDITS;
      const refused = refusals.filter(({ member, takes }) => {
        const value = read(member);
        return isSet(value) && !takes(value);
      });
      return {
        edits: Object.fromEntries(refused.map(({ member }) => [member, undefined])),
        losses: refused.map(({ member, reason }) => ({
          field: member,
          message: `${model} takes ${reason}`,
        })),
      };
    },
  };
}
