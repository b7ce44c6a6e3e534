import { beforeAll, expect, test } from 'vitest';
import { MOST_TOKENS } from './asked.ts';
import { WishAsker } from './wish-asker.ts';
import { CALLERS } from './callers.ts';
import { expectArrival, warningsOf } from './check-arrival.ts';
import { checkDocument } from './check-document.ts';
import { startConformance, type ConformanceScene } from './conformance-scene.ts';
import { EMBEDDING_INPUTS, embed } from './embed.ts';
import { submitsAsJob } from './job-fetch.ts';
import { leavesOf } from './json.ts';
import { SAID, USAGE } from './pretended-model.ts';
import {
  ALL_PROVIDERS,
  EMBEDDING_TARGETS,
  type EmbeddingTarget,
  routesToEach,
  TARGETS,
} from './targets.ts';
import { CASES, findTicket, writeTicket } from './tickets.ts';
import { type CompletionCell, type WishFate, writeDocument } from './write-document.ts';

let scene: ConformanceScene;
beforeAll(async () => {
  scene = await startConformance(ALL_PROVIDERS, routesToEach());
  return () => scene[Symbol.asyncDispose]();
});

const cells: CompletionCell[] = [];
const fates: WishFate[] = [];
const embeddings: EmbeddingTarget[] = [];

const PAIRS = CALLERS.flatMap((caller) =>
  TARGETS.map((target) => ({ caller, target, dialect: caller.dialect, name: target.name })),
);
const CELLS = PAIRS.flatMap((pair) => CASES.map((asked) => ({ ...pair, asked })));

const FORECAST = { name: 'weather', input: SAID.forecast };
const EXPECTED = {
  plain: { text: SAID.plain, calls: [], ends: 'stop' },
  'tool-call': { text: '', calls: [FORECAST], ends: 'tools' },
  'multi-turn': { text: SAID['multi-turn'], calls: [], ends: 'stop' },
  'json-schema': { text: SAID.forecast, calls: [], ends: 'stop' },
} as const;

test.concurrent.for(CELLS)(
  '$dialect, $asked: $name answers, and the SDK of the dialect reads it',
  async ({ caller, target, asked }) => {
    const ticket = writeTicket(caller.dialect, target.name, asked);
    const { job, answer } = await caller.ask(scene.broker, target.name, ticket, asked);

    const dialect = target.dialects[caller.dialect];
    expect(job.attempts).toMatchObject([
      {
        outcome: 'succeeded',
        dialect,
        usage: { input_tokens: USAGE.input, output_tokens: USAGE.output },
      },
    ]);
    const { text, calls, ends } = EXPECTED[asked];
    const said: unknown = asked === 'json-schema' ? JSON.parse(answer.text) : answer.text;
    expect({ ...answer, text: said }).toEqual({
      text,
      calls,
      finish: caller.finish[ends],
      usage: USAGE,
    });
    expectArrival({ ...scene, target, ticket, job }, asked);
    cells.push({
      caller: caller.dialect,
      target: target.name,
      asked,
      dialect,
      warnings: warningsOf(job),
    });
  },
);

/** Where Claude's vendors refuse, or advise against, to answer at once what may take very long. */
const STREAMED = [
  'anthropic/claude-sonnet-4-5',
  'vertex/claude-sonnet-4-5',
  'bedrock/claude-sonnet-4-5',
];
const LONG = PAIRS.filter(({ name }) => STREAMED.includes(name));

test.concurrent.for(LONG)(
  '$dialect: a long answer of $name is streamed to the broker and comes whole',
  async ({ caller, name }) => {
    const ticket = writeTicket(caller.dialect, name, 'long:tool-call');
    const body = Object.entries(caller.body(name, ticket, 'tool-call')).map(
      ([member, value]): [string, unknown] => [member, value === MOST_TOKENS ? 64_000 : value],
    );
    const job = await submitsAsJob(scene.broker, caller.endpoint).submit(Object.fromEntries(body));

    const [call] = scene.vendors.callsOf(findTicket(ticket) ?? '');
    expect(leavesOf(call?.body)).toContain(64_000);
    // Bedrock streams by other operations, the others by a member.
    expect(call?.path.endsWith('-stream') || call?.body['stream']).toBe(true);
    expect(job).toMatchObject({
      status: 'completed',
      usage: { input_tokens: USAGE.input, output_tokens: USAGE.output },
    });
    expect(JSON.stringify(job['result'])).toContain(SAID.forecast.city);
  },
);

test.concurrent.for(PAIRS)(
  '$dialect: at $name nothing that a caller wishes is lost without a word',
  async ({ caller, target }) => {
    const asker = new WishAsker(scene, caller, target);
    const asked: WishFate[] = [];
    for (const wish of caller.wishes) {
      const fate = await asker.ask(wish);
      asked.push({ caller: caller.dialect, target: target.name, wish: wish.name, fate });
    }
    fates.push(...asked);
    const wrong = asked.filter(({ fate: { kind } }) => kind === 'silent' || kind === 'broken');
    expect(wrong).toEqual([]);
  },
);

test.concurrent.for(EMBEDDING_TARGETS)(
  'embeddings: $name embeds a text, and the openai SDK reads it in both forms',
  async (target) => {
    const texts = EMBEDDING_INPUTS.slice(0, 1);
    const packed = await embed(scene, target, texts, 'base64', 'one');
    const numbers = await embed(scene, target, texts, 'float', 'one');
    expect(packed.vectors).toEqual(numbers.vectors.map((vector) => [...Float32Array.from(vector)]));
    expect(packed.vectors[0]?.length).toBeGreaterThan(100);
    expect(packed.job.attempts).toMatchObject([{ outcome: 'succeeded', dialect: target.dialect }]);
    expect(packed.arrived).toEqual(texts);
    embeddings.push(target);
  },
);

const SEVERAL = EMBEDDING_TARGETS.filter(({ oneText }) => oneText === undefined);
test.concurrent.for(SEVERAL)('embeddings: $name embeds several texts in order', async (target) => {
  const [first, second] = EMBEDDING_INPUTS;
  const { vectors, arrived } = await embed(scene, target, [first, second], 'float', 'several');
  expect(arrived).toEqual([first, second]);
  const turned = await embed(scene, target, [second, first], 'float', 'several');
  expect(vectors).toHaveLength(2);
  expect(vectors).toEqual(turned.vectors.toReversed());
  expect(vectors[0]).not.toEqual(vectors[1]);
});

const ONE_TEXT = EMBEDDING_TARGETS.filter(({ oneText }) => oneText !== undefined);
test.concurrent.for(ONE_TEXT)(
  'embeddings: $name is passed over for several texts',
  async (target) => {
    const asked = embed(scene, target, EMBEDDING_INPUTS, 'float', 'several');
    await expect(asked).rejects.toThrow('"rule":"untranslatable"');
  },
);

test('docs/dialects.md tells what this run has shown', async () => {
  expect(cells).toHaveLength(CELLS.length);
  expect(embeddings).toHaveLength(EMBEDDING_TARGETS.length);
  await checkDocument(writeDocument({ cells, fates, embeddings }));
});
