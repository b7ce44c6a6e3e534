const SHORTEST_PIECE = 48;
/** However long a text is, it comes in about so many pieces: each costs a frame around it. */
const MOST_PIECES = 1000;
/** Longer graphemes than half of this exist only as jokes, and may be cut between code points. */
const WINDOW = 64;

const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' });

/**
 * A text in pieces, as a model would have sent it bit by bit. Joined they are the text again. A cut
 * parts no code point, and no grapheme of sensible length. An empty text has no pieces.
 */
export function* cutText(text: string): Generator<string> {
  const length = Math.max(SHORTEST_PIECE, Math.ceil(text.length / MOST_PIECES));
  let start = 0;
  while (text.length - start > length) {
    const end = cutBefore(text, start, start + length);
    yield text.slice(start, end);
    start = end;
  }
  if (start < text.length) yield text.slice(start);
}

/** The last good place for a cut that is after `start` and not after `at`. */
function cutBefore(text: string, start: number, at: number): number {
  const from = Math.max(start, at - WINDOW / 2);
  const around = text.slice(from, at + WINDOW / 2);
  const inside = segmenter.segment(around).containing(at - from)?.index ?? 0;
  if (inside > 0) return from + inside;
  return isInsidePair(text, at) ? at - 1 : at;
}

function isInsidePair(text: string, at: number): boolean {
  const [before, after] = [text.charCodeAt(at - 1), text.charCodeAt(at)];
  return before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff;
}
