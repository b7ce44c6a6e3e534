import { UntranslatableError } from '../../loss.ts';
import { isObject, type ObjectReader, readObject } from '../json-reading.ts';
import type { KnownMembers } from '../known-members.ts';

/** One typed object of a list. */
export interface ContentBlock {
  type: string;
  path: string;
  /** Begins to read it: from then on a member that nobody reads is told as a loss. */
  open(): ObjectReader;
}

/** What Anthropic's dialect writes as a string, or as a list of blocks. */
export type Content = string | readonly ContentBlock[];

/**
 * @param typeWhereUnsaid of members without `type`; undefined where each one must have it
 * @throws UntranslatableError when the member is no list of objects with a type
 */
export function blocksAt(
  parent: ObjectReader,
  name: string,
  members: KnownMembers,
  typeWhereUnsaid?: string,
): ContentBlock[] | undefined {
  const list = parent.value(name);
  if (list === undefined) return undefined;
  if (!Array.isArray(list)) throw parent.error(name, 'it is not a list of blocks');
  return list.map((value: unknown, index) => {
    const path = `${parent.pathOf(name)}[${index}]`;
    if (!isObject(value)) throw new UntranslatableError(path, 'it is not an object');
    const type = value['type'] ?? typeWhereUnsaid;
    if (typeof type !== 'string') {
      throw new UntranslatableError(`${path}.type`, 'it is not a string');
    }
    return {
      type,
      path,
      open() {
        const reader = readObject(value, path, members);
        reader.ignore('type');
        return reader;
      },
    };
  });
}

export function contentAt(
  parent: ObjectReader,
  name: string,
  members: KnownMembers,
): Content | undefined {
  return typeof parent.value(name) === 'string'
    ? parent.text(name)
    : blocksAt(parent, name, members);
}

/** To be thrown: what such a block says would be missing from the request. */
export function unsupportedBlock(block: ContentBlock): UntranslatableError {
  return new UntranslatableError(block.path, 'a block of its type has no counterpart elsewhere');
}
