import type { Loss } from '../loss.ts';
import type { JsonObject } from '../translator.ts';

/** What is known of the members of one body, while it is being read. */
export interface KnownMembers {
  /** Begins to watch an object of the body; the names put into the set count as read. */
  watch(value: JsonObject, path: string): Set<string>;
  /** Notes a part that was read but has no place in the neutral form. */
  lose(path: string, message: string): void;
  /** What was noted, and after it every watched member that nobody read. */
  losses(): Loss[];
}

/** A warning for each is no help beyond some; the record of an attempt stays small. */
const MAXIMUM_LOSSES = 100;
const MAXIMUM_FIELD_LENGTH = 200;

/**
 * Keeps the losses of one body. Their paths name a list's members together (`tools[].strict`), so
 * that a long conversation tells each loss once. A member that is null says nothing, and is no loss.
 */
export function createKnownMembers(): KnownMembers {
  const watched: { value: JsonObject; path: string; known: Set<string> }[] = [];
  const noted: Loss[] = [];

  return {
    watch(value, path) {
      const known = new Set<string>();
      watched.push({ value, path, known });
      return known;
    },
    lose(path, message) {
      noted.push({ field: pathForAll(path), message });
    },
    losses() {
      const unread = watched.flatMap(({ value, path, known }) =>
        Object.keys(value)
          .filter((name) => value[name] !== null && !known.has(name))
          .map((name) => unknownMember(memberPath(path, name))),
      );
      return limited(withoutRepetition([...noted, ...unread]));
    },
  };
}

/** The path of a member, given that of its object; the body itself has the empty path. */
export function memberPath(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function unknownMember(path: string): Loss {
  return { field: pathForAll(path), message: 'is not known here, and is not carried' };
}

// Names of members are the caller's words: they are shortened, and control characters taken out.
function pathForAll(path: string): string {
  return path
    .replaceAll(/\[\d+\]/g, '[]')
    .replaceAll(/\p{Cc}/gu, '?')
    .slice(0, MAXIMUM_FIELD_LENGTH);
}

function withoutRepetition(losses: readonly Loss[]): Loss[] {
  return [...new Map(losses.map((loss) => [`${loss.field}\n${loss.message}`, loss])).values()];
}

function limited(losses: Loss[]): Loss[] {
  if (losses.length <= MAXIMUM_LOSSES) return losses;
  const more = losses.length - MAXIMUM_LOSSES;
  return [
    ...losses.slice(0, MAXIMUM_LOSSES),
    { field: '*', message: `${more} more parts of the body are not carried` },
  ];
}
