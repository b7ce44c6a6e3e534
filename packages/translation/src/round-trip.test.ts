import type { CallerDialect } from '@understudy/contracts';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { chatCompletions } from './callers/chat-completions/chat-completions.ts';
import { messages } from './callers/messages/messages.ts';
import { responses } from './callers/responses/responses.ts';
import { type CompletionDialect, codecOf } from './codecs/codec-of.ts';
import { KNOWN_LOSSES, KNOWN_REFUSALS } from './codecs/known-losses.ts';
import { UntranslatableError } from './loss.ts';
import { CALLER_BODIES } from './testing/caller-bodies.ts';
import { completionDialects } from './testing/completion-dialects.ts';
import { factsOfConverse, factsOfGenerateContent } from './testing/provider-body-facts.ts';
import { factsOf, type RequestFacts } from './testing/request-facts.ts';
import { scenarios } from './testing/scenario.ts';
import type { EncodedRequest, JsonObject } from './translator.ts';

type Caller = Exclude<CallerDialect, 'embeddings'>;

const CALLERS = { 'chat-completions': chatCompletions, responses, messages };

/** How each dialect's body is read back, and models that differ in what they refuse. */
const TARGETS: Readonly<
  Record<CompletionDialect, { read(body: JsonObject): RequestFacts; models: readonly string[] }>
> = {
  'chat-completions': {
    read: (body) => factsOf(chatCompletions.read(body)),
    models: ['gpt-4o', 'gpt-5.5', 'llama-3.3-70b-instruct'],
  },
  responses: { read: (body) => factsOf(responses.read(body)), models: ['gpt-4o', 'gpt-5.5'] },
  messages: {
    read: (body) => factsOf(messages.read(body)),
    models: ['claude-opus-4-1', 'claude-sonnet-4-5', 'claude-opus-4-6', 'claude-opus-5-5'],
  },
  'generate-content': {
    read: factsOfGenerateContent,
    models: ['gemini-2.5-flash', 'gemini-3.5-flash'],
  },
  converse: {
    read: factsOfConverse,
    models: [
      'claude-opus-4-6',
      'claude-haiku-4-5',
      'claude-opus-4-7',
      'claude-fable-5-2',
      'claude-haiku-5-5',
      'llama-3.3-70b-instruct',
      'gpt-oss-120b',
    ],
  },
};

/** Settings that the test-side readers of provider bodies do not read. */
const UNREAD: Readonly<Record<CompletionDialect, readonly string[]>> = {
  'chat-completions': [],
  responses: [],
  messages: [],
  'generate-content': ['reasoning', 'strictTools', 'strictJsonSchema'],
  converse: ['strictTools', 'strictJsonSchema', 'serviceTier'],
};

const DO_NOT_REASON = ['gpt-4o', 'llama-3.3-70b-instruct'];

const RUNS = 20;

const CASES = (Object.keys(CALLER_BODIES) as Caller[]).flatMap((from) =>
  (Object.keys(TARGETS) as CompletionDialect[])
    .filter((to) => to !== from)
    .flatMap((to) => TARGETS[to].models.map((model) => ({ from, to, model }))),
);

test.for([
  ['TARGETS', TARGETS],
  ['UNREAD', UNREAD],
  ['KNOWN_LOSSES', KNOWN_LOSSES],
  ['KNOWN_REFUSALS', KNOWN_REFUSALS],
] as const)('%s has a row for each dialect that completes', ([, table]) => {
  expect(Object.keys(table).toSorted()).toEqual(completionDialects);
});

test.for(CASES)(
  'a request in $from keeps what it says in $to for $model, but for the losses that are told',
  { timeout: 60_000 },
  async ({ from, to, model }) => {
    const codec = await codecOf(to);
    await fc.assert(
      fc.asyncProperty(scenarios, async (scenario) => {
        const request = CALLERS[from].read(CALLER_BODIES[from](scenario));
        const encoded = await codec.encode(request, model).catch(untranslatable);
        expect(untoldDifferences(factsOf(request), encoded, { to, model })).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  },
);

interface Target {
  to: CompletionDialect;
  model: string;
}

/** What is not kept, and not told; and what is told that nobody knows of. */
function untoldDifferences(
  said: RequestFacts,
  encoded: EncodedRequest | UntranslatableError,
  { to, model }: Target,
): unknown[] {
  if (encoded instanceof UntranslatableError) {
    const isKnownRefusal = KNOWN_REFUSALS[to].includes(encoded.reason);
    return isKnownRefusal && said.conversation.some(isRefusable) ? [] : [encoded.reason];
  }
  const kept = TARGETS[to].read(JSON.parse(JSON.stringify(encoded.body)));
  const told = encoded.losses.map(({ field }) => field);
  // Some readers join the blocks of a system prompt.
  const differences: unknown[] = told.filter((field) => !isKnown(to, field));
  const [before, after] = [said, kept].map(({ system }) => system.join('\n\n'));
  if (before !== after) differences.push({ before, after });
  if (!isEqual(said.conversation, kept.conversation)) {
    differences.push({ before: said.conversation, after: kept.conversation });
  }
  const lost = Object.keys(said.settings).filter(
    (name) => !UNREAD[to].includes(name) && !isKept(name, said, kept, model),
  );
  return [...differences, ...lost.filter((name) => !told.includes(optionOf(name)))];
}

function untranslatable(error: unknown): UntranslatableError {
  if (error instanceof UntranslatableError) return error;
  throw error;
}

function isKnown(to: CompletionDialect, field: string): boolean {
  return KNOWN_LOSSES[to].some(({ option }) => option === field);
}

/** The strictness of tools is told as a loss of the tools. */
function optionOf(setting: string): string {
  return setting === 'strictTools' ? 'tools' : setting;
}

function isKept(name: string, said: RequestFacts, kept: RequestFacts, model: string): boolean {
  const before = said.settings[name];
  const after = kept.settings[name];
  if (name === 'reasoning') {
    // A model that cannot reason does not; one that knows no efforts thinks within a budget.
    if (before === 'none' && after === undefined) return DO_NOT_REASON.includes(model);
    if (before !== 'none' && kept.settings['reasoningBudgetTokens'] !== undefined) return true;
  }
  // Claude has one name for who asks.
  if (name === 'safetyIdentifier' && said.settings['user'] === undefined) {
    if (kept.settings['user'] === before) return true;
  }
  if (name === 'tools' && Array.isArray(before) && before.length > 1) {
    // Where one tool has to be called, the others may be left out.
    const only = before.filter((tool) => tool.name === said.settings['toolChoice']);
    if (isEqual(after, only)) return true;
  }
  if (name === 'strictTools' && Array.isArray(before) && isToolLeftOut(said, kept)) {
    return isEqual(
      after ?? [],
      before.filter((tool) => tool === said.settings['toolChoice']),
    );
  }
  // Where no tool may be called, all may be left out, and how they are called does not matter.
  if (said.settings['toolChoice'] === 'none' && after === undefined) {
    return ['tools', 'toolChoice', 'strictTools', 'parallelToolCalls'].includes(name);
  }
  // The tool that stands for the schema has to be called, or one of the caller's.
  if (name === 'toolChoice' && said.settings['responseFormat'] !== undefined) return true;
  return isEqual(after, before);
}

function isToolLeftOut(said: RequestFacts, kept: RequestFacts): boolean {
  return !isEqual(said.settings['tools'], kept.settings['tools']);
}

/** Images by their address, and calls where no tools may be called. */
function isRefusable(part: string): boolean {
  return part.startsWith('image https:') || part.startsWith('call ');
}

function isEqual(value: unknown, other: unknown): boolean {
  return JSON.stringify(sorted(value)) === JSON.stringify(sorted(other));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([name, member]) => [name, sorted(member)]),
  );
}
