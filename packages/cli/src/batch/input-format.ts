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
 * @param name of the file
 * @throws CommandError naming what to do where it cannot be told
 */
export function detectFormat(firstLine: string, name: string): InputFormat {
  const text = firstLine.trim();
  if (text === '') throw new CommandError(`${name} is empty; there is nothing to ask`, EXIT.usage);
  if (/\.csv$/i.test(name)) return 'csv';
  if (/\.tsv$/i.test(name)) return 'tsv';
  if (text.startsWith('[')) {
    throw new CommandError(
      `${name} begins with a JSON array; write one object on each line, for example by jq -c '.[]'`,
      EXIT.usage,
    );
  }
  if (!text.startsWith('{')) {
    throw new CommandError(
      `${name} does not begin with a JSON object; say what it is with --format csv, --format tsv or --format text`,
      EXIT.usage,
    );
  }
  const members = readMembers(text, name);
  if (members.has('body')) return 'openai';
  if (members.has('params')) return 'anthropic';
  if (members.has('prompt')) return 'prompts';
  throw new CommandError(
    `the first line of ${name} has neither "body" (an OpenAI batch), "params" (an Anthropic one) nor "prompt"`,
    EXIT.usage,
  );
}

function readMembers(text: string, name: string): ReadonlySet<string> {
  try {
    return new Set(Object.keys(Object(JSON.parse(text))));
  } catch {
    throw new CommandError(
      `the first line of ${name} is not whole JSON; write one object on each line, or say --format`,
      EXIT.usage,
    );
  }
}
