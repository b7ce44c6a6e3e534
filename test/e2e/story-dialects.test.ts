import { beforeAll, expect, test } from 'vitest';
import { type Caller, CALLERS } from '../conformance/callers.ts';
import { startConformance, type ConformanceScene } from '../conformance/conformance-scene.ts';
import { submitsAsJob } from '../conformance/job-fetch.ts';
import { SAID, USAGE } from '../conformance/pretended-model.ts';
import { writeTicket } from '../conformance/tickets.ts';

/** Each story has providers of its own: what went down in one cools in no other. */
const PROVIDERS = {
  openai: 'openai',
  anthropic: 'anthropic',
  gemini: 'gemini',
  bedrock: 'bedrock',
  databricks: 'databricks',
  'second-openai': 'openai',
  'second-anthropic': 'anthropic',
  'second-gemini': 'gemini',
  'second-bedrock': 'bedrock',
  'second-databricks': 'databricks',
} as const;
type ProviderName = keyof typeof PROVIDERS;

const ROUTES = `
routes:
  chat-completions:
    targets:
      - { provider: openai, model: gpt-5.5 }
      - { provider: anthropic, model: claude-sonnet-4-5 }
      - { provider: gemini, model: gemini-2.5-pro }
      - { provider: bedrock, model: claude-sonnet-4-5 }
      - { provider: databricks, model: gemini-2.5-pro }
  messages:
    targets:
      - { provider: second-anthropic, model: claude-sonnet-4-5 }
      - { provider: second-openai, model: gpt-5.5 }
      - { provider: second-gemini, model: gemini-2.5-pro }
      - { provider: second-bedrock, model: llama-3.3-70b-instruct }
      - { provider: second-databricks, model: gpt-5.5 }
  skips-losses:
    onLoss: skip
    targets:
      - { provider: anthropic, model: claude-sonnet-4-5 }
      - { provider: openai, model: gpt-5.5 }
  refuses-losses:
    onLoss: refuse
    targets:
      - { provider: openai, model: gpt-5.5 }
      - { provider: anthropic, model: claude-sonnet-4-5 }
`;

let scene: ConformanceScene;
beforeAll(async () => {
  scene = await startConformance(PROVIDERS, ROUTES);
  return () => scene[Symbol.asyncDispose]();
});

test('dialects: a route that skips losses goes on to the target that loses nothing', async () => {
  const caller = callerOf('chat-completions');
  const ticket = writeTicket('skips-losses', 'openai', 'plain');
  const job = await submitsAsJob(scene.broker, caller.endpoint).submit({
    ...caller.body('skips-losses', ticket, 'bare'),
    seed: 7,
  });
  expect(job.status).toBe('completed');
  expect(job.attempts).toMatchObject([
    {
      provider: 'anthropic',
      outcome: 'skipped',
      rule: 'lossy',
      warnings: [{ field: 'seed', message: expect.stringContaining('not carried') }],
    },
    { provider: 'openai', outcome: 'succeeded' },
  ]);
});

test('dialects: a route that refuses losses says at submit which field and which target', async () => {
  const caller = callerOf('chat-completions');
  const ticket = writeTicket('refuses-losses', 'openai', 'plain');
  const body = caller.body('refuses-losses', ticket, 'bare');
  const submit = (members: object) =>
    scene.broker.request('/v1/jobs', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ endpoint: caller.endpoint, body: { ...body, ...members } }),
    });

  const refused = await submit({ seed: 7 });
  expect(refused.status).toBe(400);
  const problem = await refused.text();
  expect(problem).toContain('seed');
  expect(problem).toContain('anthropic');

  const accepted = await submit({});
  expect(accepted.status).toBe(202);
});

interface Story {
  dialect: Caller['dialect'];
  how: 'unavailable' | 'unreachable';
  /** What an attempt at a provider that is down shows: its status, or the rule. */
  shows: unknown;
  /** In the order of the route, with the dialect in which each is asked. */
  chain: readonly (readonly [provider: ProviderName, dialect: string])[];
}

const STORIES: readonly Story[] = [
  {
    dialect: 'chat-completions',
    how: 'unavailable',
    shows: 503,
    chain: [
      ['openai', 'chat-completions'],
      ['anthropic', 'messages'],
      ['gemini', 'generate-content'],
      ['bedrock', 'converse'],
      ['databricks', 'chat-completions'],
    ],
  },
  {
    dialect: 'messages',
    how: 'unreachable',
    shows: 'default.fault_reset',
    chain: [
      ['second-anthropic', 'messages'],
      ['second-openai', 'chat-completions'],
      ['second-gemini', 'generate-content'],
      ['second-bedrock', 'converse'],
      ['second-databricks', 'responses'],
    ],
  },
];
const STEPS = STORIES.flatMap(({ chain, ...story }) =>
  chain.slice(1).map(([answering], index) => ({
    ...story,
    answering,
    chain: chain.slice(0, index + 2),
    down: chain.slice(0, index + 1).map(([provider]) => provider),
  })),
);

test.for(STEPS)(
  'dialects: a $dialect job is answered by $answering while all before it are $how',
  async ({ dialect, how, shows, answering, chain, down }) => {
    const caller = callerOf(dialect);
    scene.vendors.takeDown(down, how);
    for (const asked of ['tool-call', 'multi-turn'] as const) {
      const ticket = writeTicket(dialect, answering, asked);
      const { job, answer } = await caller.ask(scene.broker, dialect, ticket, asked);

      // A target that cools may be passed over more than once.
      const visited = [...new Set(job.attempts.map(({ provider }) => provider))];
      expect(visited).toEqual(chain.map(([name]) => name));
      const [served, ...passed] = job.attempts.toReversed();
      expect(served).toMatchObject({ outcome: 'succeeded', dialect: chain.at(-1)?.[1] });
      // One that has failed for several jobs cools, and is not called for the next.
      expect(passed.map(({ status_code: status, rule }) => status ?? rule)).toEqual(
        passed.map(() => expect.toBeOneOf([shows, 'cooling_down'])),
      );
      expect(answer).toEqual({
        text: asked === 'tool-call' ? '' : SAID['multi-turn'],
        calls: asked === 'tool-call' ? [{ name: 'weather', input: SAID.forecast }] : [],
        finish: asked === 'tool-call' ? caller.finish.tools : caller.finish.stop,
        usage: USAGE,
      });
    }
  },
);

function callerOf(dialect: Caller['dialect']): Caller {
  const caller = CALLERS.find((one) => one.dialect === dialect);
  if (caller === undefined) throw new Error(`no caller writes ${dialect}`);
  return caller;
}
