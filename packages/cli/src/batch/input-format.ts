import { CommandError } from '../command-error.ts';
import { EXIT } from '../exit-code.ts';

/**
 * `openai` and `anthropic`: the lines of their batch files. `prompts`: JSON lines with a `prompt`.
 * `csv`: a header and rows. `tsv`: the same with tabs. `text`: every line is a prompt.
 */
export const INPUT_FORMATS = ['openai', 'anthropic', 'prompts', 'csv', 'tsv', 'text'] as const;
export type InputFormat = (typeof INPUT_FORMATS)[number];

/**
 * Tells the format by the first line that is not empty. Plain text is never guessed: it would make a
 * prompt of every line of a file that is merely broken.
 * @param firstLine empty where the file has none
 * @throws CommandError naming what to do where it cannot be told
 */
export function detectFormat(firstLine: string, path: string): InputFormat {
  const text = firstLine.trim();
  if (text === '') throw new CommandError(`${path} is empty; there is nothing to ask`, EXIT.usage);
  if (/\.csv$/i.test(path)) return 'csv';
  if (/\.tsv$/i.test(path)) return 'tsv';
  if (text.startsWith('[')) {
    throw new CommandError(
      `${path} begins with a JSON array; write one object on each line, for example by jq -c '.[]'`,
      EXIT.usage,
    );
  }
  if (!text.startsWith('{')) {
    throw new CommandError(
      `${path} does not begin with a JSON object; say what it is with --format csv, --format tsv or --format text`,
      EXIT.usage,
    );
  }
  const members = readMembers(text, path);
  if (members.has('body')) return 'openai';
  if (members.has('params')) return 'anthropic';
  if (members.has('prompt')) return 'prompts';
  throw new CommandError(
    `the first line of ${path} has neither "body" (an OpenAI batch), "params" (an Anthropic one) nor "prompt"`,
    EXIT.usage,
  );
}

function readMembers(text: string, path: string): ReadonlySet<string> {
  try {
    return new Set(Object.keys(Object(JSON.parse(text))));
  } catch {
    throw new CommandError(
      `the first line of ${path} is not whole JSON; write one object on each line, or say --format`,
      EXIT.usage,
    );
  }
}
