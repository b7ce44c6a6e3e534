import { MODEL } from './contender.ts';

/** A prompt of some hundred bytes, as scripts send them. */
const PROMPT = 'Say in one sentence what this sentence is about. '.repeat(8);

/** The lines of a batch in OpenAI's format; never all in memory. */
export function* batchInput(lines: number): Generator<string> {
  for (let line = 1; line <= lines; line += 1) {
    const body = { model: MODEL, messages: [{ role: 'user', content: `${line}: ${PROMPT}` }] };
    yield `${JSON.stringify({ custom_id: `line-${line}`, method: 'POST', url: '/v1/chat/completions', body })}\n`;
  }
}
