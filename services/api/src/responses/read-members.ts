import { parseExactJson } from '@understudy/contracts';
import { topLevelMembers } from '@understudy/provider';

/** The value of a top-level member; undefined where there is none. */
export type MemberReader = (name: string) => unknown;

/**
 * Parses single members of a JSON object: its input, which may be large, only where it is asked
 * for. Numbers stay as they are written.
 * @throws SyntaxError when the bytes are no JSON object
 */
export function readMembers(body: Buffer): MemberReader {
  const members = topLevelMembers(body);
  return (name) => {
    const range = members.get(name);
    return range && parseExactJson(body.toString('utf8', range.start, range.end));
  };
}
