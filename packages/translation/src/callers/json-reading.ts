import { isLargeInteger } from '../exact-integers.ts';
import { UntranslatableError } from '../loss.ts';
import type { Extra } from '../neutral-request.ts';
import type { JsonObject } from '../translator.ts';
import { type KnownMembers, memberPath } from './known-members.ts';

/**
 * Reads the members of one object in a caller's body. A member that is null or absent reads as
 * undefined; one of another type than asked for is an `UntranslatableError` with its path. Whatever
 * is asked for counts as known; `KnownMembers` tells the rest as losses.
 */
export interface ObjectReader {
  /** Path of the object in the body: empty for the body itself. */
  readonly path: string;
  pathOf(name: string): string;
  /** Whether the member is there and not null. Does not make it known. */
  has(name: string): boolean;
  value(name: string): unknown;
  text(name: string): string | undefined;
  /** An integer beyond 2^53 is told as lost: no setting of a model is that large, but for a seed. */
  number(name: string): number | undefined;
  integer(name: string): number | undefined;
  boolean(name: string): boolean | undefined;
  texts(name: string): string[] | undefined;
  object(name: string): ObjectReader | undefined;
  objects(name: string): ObjectReader[] | undefined;
  /** The object as it stands, for parts that are passed on whole: schemas, maps. */
  whole(name: string): JsonObject | undefined;
  /** A value that must be there: throws when it was not. */
  required<Value>(name: string, value: Value | undefined): Value;
  /** Makes members known that mean nothing to a call, or whose meaning is kept without them. */
  ignore(...names: readonly string[]): void;
  /** Tells a member as lost, if it is there. */
  lose(name: string, message: string): void;
  /** Tells the whole object as lost; its members are not told one by one. */
  loseWhole(message: string): void;
  /** Throws if the member is there. */
  refuse(name: string, reason: string): void;
  /** To be thrown: the member cannot be carried, or is malformed. */
  error(name: string, reason: string): UntranslatableError;
}

export function isObject(value: unknown): value is JsonObject {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !isLargeInteger(value)
  );
}

/** @param path of the object in the body; empty for the body itself */
export function readObject(value: JsonObject, path: string, members: KnownMembers): ObjectReader {
  const known = members.watch(value, path);

  const reader: ObjectReader = {
    path,
    pathOf: (name) => memberPath(path, name),
    has: (name) => Object.hasOwn(value, name) && value[name] !== null && value[name] !== undefined,
    value(name) {
      known.add(name);
      return reader.has(name) ? value[name] : undefined;
    },
    text: (name) => typed(name, isText, 'a string'),
    number: (name) => (isLarge(name) ? undefined : typed(name, isNumber, 'a number')),
    integer: (name) =>
      isLarge(name) ? undefined : typed(name, Number.isSafeInteger, 'an integer'),
    boolean: (name) => typed(name, isBoolean, 'true or false'),
    texts: (name) => typed(name, isTexts, 'a list of strings'),
    whole: (name) => typed(name, isObject, 'an object'),
    object(name) {
      const member = reader.whole(name);
      return member === undefined ? undefined : readObject(member, reader.pathOf(name), members);
    },
    objects(name) {
      const list = typed(name, isObjects, 'a list of objects');
      return list?.map((item, index) =>
        readObject(item, `${reader.pathOf(name)}[${index}]`, members),
      );
    },
    required(name, member) {
      if (member === undefined) throw reader.error(name, 'it is missing');
      return member;
    },
    ignore(...names) {
      for (const name of names) known.add(name);
    },
    lose(name, message) {
      known.add(name);
      if (reader.has(name)) members.lose(reader.pathOf(name), message);
    },
    loseWhole(message) {
      reader.ignore(...Object.keys(value));
      members.lose(path, message);
    },
    refuse(name, reason) {
      if (reader.has(name)) throw reader.error(name, reason);
      known.add(name);
    },
    error: (name, reason) => new UntranslatableError(reader.pathOf(name), reason),
  };

  function isLarge(name: string): boolean {
    if (!isLargeInteger(value[name])) return false;
    reader.lose(name, 'is beyond 2^53, and is not carried');
    return true;
  }

  function typed<Value>(
    name: string,
    accepts: (member: unknown) => member is Value,
    expected: string,
  ): Value | undefined;
  function typed(
    name: string,
    accepts: (member: unknown) => boolean,
    expected: string,
  ): number | undefined;
  function typed(name: string, accepts: (member: unknown) => boolean, expected: string): unknown {
    const member = reader.value(name);
    if (member === undefined || accepts(member)) return member;
    throw reader.error(name, `it is not ${expected}`);
  }

  return reader;
}

/** A value beside its path, unless there is none. */
export function extra<Value>(field: string, value: Value | undefined): Extra<Value> | undefined {
  return value === undefined ? undefined : { field, value };
}

/** A copy without the members that are undefined, which exact optional members must not hold. */
export function defined<Members extends object>(members: Members): Defined<Members>;
export function defined(members: object): object {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

type Defined<Members> = {
  [Name in keyof Members as undefined extends Members[Name] ? never : Name]: Members[Name];
} & {
  [Name in keyof Members as undefined extends Members[Name] ? Name : never]?: Exclude<
    Members[Name],
    undefined
  >;
};

export const isText = (member: unknown): member is string => typeof member === 'string';
export const isNumber = (member: unknown): member is number =>
  typeof member === 'number' && Number.isFinite(member);
const isBoolean = (member: unknown): member is boolean => typeof member === 'boolean';
const isTexts = (member: unknown): member is string[] =>
  Array.isArray(member) && member.every(isText);
const isObjects = (member: unknown): member is JsonObject[] =>
  Array.isArray(member) && member.every(isObject);
