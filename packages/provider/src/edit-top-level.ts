import { type Member, scanTopLevel } from './top-level-members.ts';

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
  const values = new Map<string, string | undefined>();
  for (const name of Object.keys(edits)) values.set(name, written(edits[name]));
  const { open, close, members } = scanTopLevel(body);
  const last = new Map<string, Member>();
  for (const member of members) if (values.has(member.name)) last.set(member.name, member);

  const pieces = new Pieces(body, members[0]?.keyStart ?? open + 1);
  let separate = false;
  for (const [index, member] of members.entries()) {
    const { name, keyStart, valueStart, valueEnd } = member;
    const value = values.get(name);
    const isEdited = values.has(name);
    if (isEdited && (value === undefined || last.get(name) !== member)) continue;
    // The comma and white space that stood before a member go with it.
    const start = separate ? (members[index - 1]?.valueEnd ?? keyStart) : keyStart;
    separate = true;
    if (value === undefined) {
      pieces.keep(start, valueEnd);
    } else {
      pieces.keep(start, valueStart);
      pieces.insert(value);
      pieces.skipTo(valueEnd);
    }
  }
  for (const [name, value] of values) {
    if (value === undefined || last.has(name)) continue;
    pieces.insert(`${separate ? ',' : ''}${JSON.stringify(name)}:${value}`);
    separate = true;
  }
  pieces.keep(members.at(-1)?.valueEnd ?? close, body.length);
  return pieces.joined();
}

// JSON knows no `undefined` (nor functions): such a value means that the member goes.
function written(value: unknown): string | undefined {
  return JSON.stringify(value);
}

/** Parts of a body and texts between them, in order; what follows on in the body is one part. */
class Pieces {
  readonly #body: Uint8Array;
  readonly #pieces: Uint8Array[] = [];
  /** The part that may go on. */
  #start = 0;
  #end: number;

  constructor(body: Uint8Array, end: number) {
    this.#body = body;
    this.#end = end;
  }

  keep(start: number, end: number): void {
    if (start !== this.#end) this.skipTo(start);
    this.#end = end;
  }

  insert(text: string): void {
    this.skipTo(this.#end);
    this.#pieces.push(Buffer.from(text));
  }

  skipTo(start: number): void {
    if (this.#end > this.#start) this.#pieces.push(this.#body.subarray(this.#start, this.#end));
    this.#start = start;
    this.#end = start;
  }

  joined(): Buffer {
    this.skipTo(this.#end);
    return Buffer.concat(this.#pieces);
  }
}
