import * as fc from 'fast-check';
import { UntranslatableError } from '../../../loss.ts';
import type { NeutralRequest } from '../../../neutral-request.ts';
import type { JsonObject } from '../../../translator.ts';

type Read = (body: JsonObject) => NeutralRequest;

/** What a body reads as; undefined when it is untranslatable, the one way in which it may fail. */
export function readable(read: Read, body: JsonObject): NeutralRequest | undefined {
  try {
    return read(body);
  } catch (error) {
    if (error instanceof UntranslatableError) return undefined;
    throw error;
  }
}

/**
 * Bodies with any of the members that are carried, and members that nobody knows.
 * @param smallest a body that can be read
 * @param carried of every member that is carried, a value other than what holds without it
 */
export function bodiesWith(smallest: JsonObject, carried: JsonObject): fc.Arbitrary<JsonObject> {
  const known = fc.subarray(Object.entries(carried));
  const unknown = fc.dictionary(
    // No dialect's members begin so. Brackets and control characters do not stand in the field of a
    // loss as they are.
    fc
      .string()
      .filter((name) => !/[[\]\p{Cc}]/u.test(name))
      .map((name) => `x-${name}`),
    fc.jsonValue().filter((value) => value !== null),
    { maxKeys: 5 },
  );
  return fc.tuple(known, unknown).map(([members, others]) => ({
    ...smallest,
    stream: true,
    ...others,
    ...Object.fromEntries(members),
  }));
}

const IGNORED = new Set(['model', 'stream', 'stream_options', 'background']);

/** Members that are not told as lost, though the request would be the same without them. */
export function untoldMembers(read: Read, body: JsonObject): string[] {
  const { losses, ...request } = read(body);
  const told = new Set([...IGNORED, ...losses.map((loss) => loss.field)]);
  return Object.keys(body).filter((name) => {
    if (told.has(name)) return false;
    const rest = Object.fromEntries(Object.entries(body).filter(([other]) => other !== name));
    const without = readable(read, rest);
    if (without === undefined) return false;
    const { options, extras } = without;
    return JSON.stringify({ options, extras }) === JSON.stringify(request);
  });
}
