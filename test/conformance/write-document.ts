import { CALLERS } from './callers.ts';
import { TARGETS, WITHOUT_EMBEDDINGS, type EmbeddingTarget } from './targets.ts';
import { CASES } from './tickets.ts';
import type { Fate } from './wish-asker.ts';

/** What a run has shown of one case at one target. */
export interface CompletionCell {
  caller: string;
  target: string;
  asked: string;
  dialect: string;
  warnings: readonly { field: string; message: string }[];
}

export interface WishFate {
  caller: string;
  target: string;
  wish: string;
  fate: Fate;
}

export interface Run {
  cells: readonly CompletionCell[];
  fates: readonly WishFate[];
  embeddings: readonly EmbeddingTarget[];
}

/** The document of a run: the same for the same run, in whatever order its parts came in. */
export function writeDocument(run: Run): string {
  return [
    INTRODUCTION,
    ...CALLERS.flatMap((caller) => [
      `## A caller who writes \`${caller.dialect}\``,
      completionTable(run, caller.dialect),
      `What not every vendor can do:`,
      wishTable(
        run,
        caller.dialect,
        caller.wishes.map(({ name }) => name),
      ),
    ]),
    '## Embeddings',
    embeddingTable(run),
  ]
    .join('\n\n')
    .concat('\n');
}

const INTRODUCTION = `# Dialects: who can answer what

This page is written by a test run (\`test/conformance\`): a whole broker with a worker of every kind, jobs in every dialect a caller may write, answers read by the official SDK of that dialect, and vendors played by [aimock](https://github.com/CopilotKit/aimock). A run that shows something else fails. To write the page anew: \`npm test -- test/conformance --update\`.

A job is sent in its caller's own dialect wherever the provider speaks that for the model; then its bytes stay as they are, but for what the provider or the model refuses, and for reasoning in a Responses body that came out of an answer translated here: it has an id that no vendor knows, and is left out with a warning unless it holds encrypted content. Everywhere else the request is translated after the target is chosen, for the model that is really called, and the answer is translated back: the caller always gets their own dialect.

What the other dialect has no place for is never left out silently. A route says what happens then, by \`onLoss\`:

- \`drop\` (the default): the call is made without it, and the attempt says so in \`warnings\`, by the field's path in the caller's body.
- \`skip\`: the target is passed over (rule \`lossy\`), and the job goes on to the next.
- \`refuse\`: the submit is answered 400, with the field and the target.

That covers what a single provider refuses of a dialect it speaks, such as \`store\` on Databricks, as well as what a model refuses everywhere. Where the same provider takes more of it in another dialect, such as an output schema for the newer Claude models on Bedrock by Converse, the request is translated although the caller's own dialect is spoken. Messages that ask for thinking beside tools, by \`thinking\` or an effort, of the gpt-5.6 models, which do both in Responses alone, are translated to that dialect at OpenAI, Azure and Bedrock; all others go by chat completions, which carry more of them.

An image by its address is fetched by the provider where that does so. For Claude on Vertex AI, for Converse and InvokeModel on Bedrock, and for Ollama, which take images inline alone, the worker fetches it and puts it into the call: over https, from public addresses (\`outbound.allow\` permits more), JPEG, PNG, GIF or WebP, each of at most \`outbound.maxImageBytes\` (5 MB) and all of one call together of four times that, within \`outbound.imageTimeout\` (10 s). An image that cannot be had closes the target to the job (rule \`image_unreachable\`), and others may still answer. With \`outbound.fetchImages: false\` nothing is fetched: such a target is passed over, and on a route with \`onLoss: refuse\` the submit is answered 400.

Some parts cannot be left out without asking another question: an input of a kind that the other dialect does not know, or an id that means something to one vendor only. Then the target is passed over whatever the route says (rule \`untranslatable\`).

In the tables a target is a provider and a model; \`groq\` and \`mistral\` stand for the kind \`openai-compatible\`, the others are named after their kind. *As it is*: the provider speaks the caller's dialect. *By* a dialect: translated to it and back.

In the second table of each caller one thing at a time is asked for, and what the vendor gets is compared with what it gets without. A target that is not named carries it. Where the provider speaks the caller's own dialect, that means that the vendor is asked; what it makes of it is its own affair.

A list of texts to embed is one call, or none: where a provider takes one text per call, a job with several is passed on to the next target (rule \`untranslatable\`), and is not cut into calls that could fail one by one.

A call to Claude that may take more than ten minutes by its token limit (above 21 333 tokens) is streamed to the broker and put together there: Anthropic refuses to answer it at once, and AWS advises against waiting for it. That holds for Messages at Anthropic, Azure and Vertex AI (server-sent events), and for InvokeModel and Converse at Bedrock (\`InvokeModelWithResponseStream\`, \`ConverseStream\`). Other models on Bedrock are asked by Converse at once: not every one calls tools in a stream. A streamed call may take as long as its token limit is reckoned to take, at 128 000 tokens an hour, where neither its provider nor its target has a \`timeout\`; any other call may take ten minutes.

Streaming, running in the background and continuing a stored conversation are not a matter of translation: the broker asks every provider for one whole answer, and says no at submit to what refers to one vendor's store.`;

function completionTable({ cells }: Run, caller: string): string {
  const rows = TARGETS.map(({ name }) => [
    `\`${name}\``,
    ...CASES.map((asked) => {
      const cell = cells.find(
        (one) => one.caller === caller && one.target === name && one.asked === asked,
      );
      return cell === undefined ? '' : describeCell(caller, cell);
    }),
  ]);
  return table(['target', 'plain', 'tool call', 'multi-turn, two results', 'JSON schema'], rows);
}

function describeCell(caller: string, { dialect, warnings }: CompletionCell): string {
  const how = dialect === caller ? 'as it is' : `by \`${dialect}\``;
  return [how, ...warnings.map(({ field, message }) => `\`${field}\` ${message}`)].join('; ');
}

function wishTable({ fates }: Run, caller: string, wishes: readonly string[]): string {
  const rows = wishes.map((wish) => {
    const here = fates.filter((one) => one.caller === caller && one.wish === wish);
    return [
      wish.startsWith('a') && wish.includes(' ') ? wish : `\`${wish}\``,
      byReason(here, ({ fate }) => (fate.kind === 'lost' ? fate.messages.join('; ') : undefined)),
      byReason(here, ({ fate }) => (fate.kind === 'untranslatable' ? fate.message : undefined)),
    ];
  });
  return table(['asked for', 'dropped, with a warning', 'target passed over'], rows);
}

/** The targets of a cell together by what is said of them, in the order of the tables. */
function byReason(
  fates: readonly WishFate[],
  reasonOf: (fate: WishFate) => string | undefined,
): string {
  const targets = new Map<string, string[]>();
  for (const { name } of TARGETS) {
    const found = fates.find(({ target }) => target === name);
    const reason = found && reasonOf(found);
    if (reason !== undefined) targets.set(reason, [...(targets.get(reason) ?? []), name]);
  }
  if (targets.size === 0) return '';
  return [...targets].map(([reason, names]) => `${placesOf(names)}: ${reason}`).join('<br>');
}

function placesOf(names: readonly string[]): string {
  if (names.length === TARGETS.length) return 'everywhere';
  return names.map((name) => `\`${name}\``).join(', ');
}

function embeddingTable({ embeddings }: Run): string {
  const shown = embeddings.toSorted((one, other) => (one.name < other.name ? -1 : 1));
  const rows = shown.map(({ name, dialect, oneText }) => [
    `\`${name}\``,
    dialect === 'embeddings' ? 'as it is' : `by \`${dialect}\``,
    oneText === undefined ? 'yes' : `target passed over: ${oneText}`,
    'both',
  ]);
  const without = Object.entries(WITHOUT_EMBEDDINGS).map(([kind, reason]) => [
    `\`${kind}\``,
    `impossible: ${reason}`,
    '',
    '',
  ]);
  return table(
    ['target', 'one text', 'several texts', 'numbers and base64'],
    [...rows, ...without],
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map(tableLine).join('\n');
}

function tableLine(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
