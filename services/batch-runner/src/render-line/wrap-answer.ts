const NEWLINE = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;

/**
 * An answer's bytes between what stands before and after them in a line. They stay as the provider
 * sent them, but for line ends, which JSON knows as space between its tokens only.
 */
export function wrapAnswer(before: string, answer: Buffer, after: string): Buffer {
  return Buffer.concat([Buffer.from(before), onOneLine(answer), Buffer.from(after)]);
}

function onOneLine(answer: Buffer): Buffer {
  if (!answer.includes(NEWLINE) && !answer.includes(RETURN)) return answer;
  return Buffer.from(answer.map((byte) => (byte === NEWLINE || byte === RETURN ? SPACE : byte)));
}
