import { type Member, type ScannedObject, scanTopLevel } from './top-level-members.ts';

/**
 * Name → new value of a top-level member, written as JSON; `undefined` removes the member.
 * Names that stand for neither are left alone.
 */
export type TopLevelEdits = Readonly<Record<string, unknown>>;

/**
 * A copy of a JSON object with some of its top-level members set or removed. All else stays byte
 * for byte: unknown members, white space, numbers beyond a double's precision. Of members with
 * the same name the last counts, as in `JSON.parse`; an edit leaves one of them or none.
 * @throws SyntaxError when the bytes are no JSON object
 */
export function editTopLevel(body: Uint8Array, edits: TopLevelEdits): Uint8Array {
  const values = new Map(Object.entries(edits).map(([name, value]) => [name, written(value)]));
  const scanned = scanTopLevel(body);
  const lastByName = new Map(scanned.members.map((member) => [member.name, member]));
  const kept = new Set(scanned.members.filter((member) => staysAfter(member, values, lastByName)));
  const added = [...values].filter(([name]) => !lastByName.has(name));
  return assemble(body, scanned, kept, values, added);
}

// JSON knows no `undefined` (nor functions): such a value means that the member goes.
function written(value: unknown): string | undefined {
  return JSON.stringify(value);
}

function staysAfter(
  member: Member,
  values: ReadonlyMap<string, string | undefined>,
  lastByName: ReadonlyMap<string, Member>,
): boolean {
  if (!values.has(member.name)) return true;
  return values.get(member.name) !== undefined && lastByName.get(member.name) === member;
}

function assemble(
  body: Uint8Array,
  { open, close, members }: ScannedObject,
  kept: ReadonlySet<Member>,
  values: ReadonlyMap<string, string | undefined>,
  added: readonly [string, string | undefined][],
): Buffer {
  const pieces: (Uint8Array | Buffer)[] = [body.subarray(0, members[0]?.keyStart ?? open + 1)];
  let separate = false;
  for (const [index, member] of members.entries()) {
    if (!kept.has(member)) continue;
    // The comma and white space that stood before a member go with it.
    if (separate) pieces.push(body.subarray(members[index - 1]?.valueEnd, member.keyStart));
    separate = true;
    const value = values.get(member.name);
    if (value === undefined) {
      pieces.push(body.subarray(member.keyStart, member.valueEnd));
    } else {
      pieces.push(body.subarray(member.keyStart, member.valueStart), Buffer.from(value));
    }
  }
  for (const [name, value] of added) {
    if (value === undefined) continue;
    pieces.push(Buffer.from(`${separate ? ',' : ''}${JSON.stringify(name)}:${value}`));
    separate = true;
  }
  pieces.push(body.subarray(members.at(-1)?.valueEnd ?? close));
  return Buffer.concat(pieces);
}
