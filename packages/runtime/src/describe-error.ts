/** What is told of an error in a log. */
export interface DescribedError {
  /** The name of its class. */
  type: string;
  code?: string | number;
  message: string;
  /** Where it was thrown, the innermost call first. */
  at?: string[];
  cause?: DescribedError;
}

const MASK = '[masked]';
const LONGEST_MESSAGE = 300;
const MOST_FRAMES = 12;
const DEEPEST_CAUSE = 3;

/** A name out of a program, such as the property in "Cannot read properties of undefined". */
const NAME = /^[\w$.]{1,60}$/;
const FRAME = /^\s+at (?:.+ \()?(?:file:\/\/|node:|\/)\S*:\d+:\d+\)?$/;

/**
 * An error as a log may show it: by allow-list, since libraries hang whole requests, commands and
 * answers onto their errors, and engines quote the text that they could not read.
 */
export function describeError(error: unknown, depth = 0): DescribedError {
  if (!(error instanceof Error)) return { type: typeof error, message: 'not an error object' };
  const code = codeOf(error);
  const at = framesOf(error);
  return {
    type: NAME.test(error.name) ? error.name : 'Error',
    ...(code === undefined ? {} : { code }),
    message: withoutQuotes(error.message),
    ...(at.length === 0 ? {} : { at }),
    ...(error.cause === undefined || depth >= DEEPEST_CAUSE
      ? {}
      : { cause: describeError(error.cause, depth + 1) }),
  };
}

/**
 * The text of an error without what it quotes, but for names, and without what a URL may carry in
 * secret: `Unexpected token 'x', "the pr"... is not valid JSON` keeps none of the document. From the
 * first quotation mark to the last one, for what is quoted may hold quotation marks itself.
 */
export function withoutQuotes(message: string): string {
  const bare = message
    .replace(/["'`].*["'`]/s, (quoted) => (NAME.test(quoted.slice(1, -1)) ? quoted : MASK))
    .replaceAll(/\b([a-z][a-z+.-]*:\/\/)[^\s/?#@]*@/gi, `$1${MASK}@`)
    .replaceAll(/(\b[a-z][a-z+.-]*:\/\/[^\s?#]*)[?#]\S*/gi, `$1?${MASK}`)
    .replaceAll(/\b(Bearer|Basic)\s+\S+/gi, `$1 ${MASK}`)
    .replaceAll(/\b(?:us|sk|pk|whsec|whsk)[-_][\w+/=-]{6,}/g, MASK);
  return bare.length <= LONGEST_MESSAGE ? bare : `${bare.slice(0, LONGEST_MESSAGE)}…`;
}

function codeOf(error: Error): string | number | undefined {
  const code: unknown = 'code' in error ? error.code : undefined;
  if (typeof code === 'number') return code;
  return typeof code === 'string' && NAME.test(code) ? code : undefined;
}

/** The lines after the message alone: a message may be made to look like calls. */
function framesOf({ stack = '', message }: Error): string[] {
  const start = message === '' ? 0 : stack.indexOf(message) + message.length;
  return stack
    .slice(start)
    .split('\n')
    .filter((line) => FRAME.test(line))
    .slice(0, MOST_FRAMES)
    .map((line) => line.trim());
}
