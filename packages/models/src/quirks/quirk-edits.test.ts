import type { Dialect } from '@understudy/contracts';
import { expect, test } from 'vitest';
import { canonicalName } from '../canonical-name.ts';
import type { QuirkEdits } from './model-quirk.ts';
import { quirkEdits } from './quirk-edits.ts';
import { MODEL_QUIRKS } from './quirk-table.ts';

function shape(dialect: Dialect, model: string, body: Record<string, unknown>): QuirkEdits {
  return quirkEdits(dialect, model, (name) => body[name]);
}

function lostFields({ losses }: QuirkEdits): string[] {
  return losses.map(({ field }) => field);
}

test('a split over Opus 4.7 and 4.6 keeps the temperature for 4.6 alone', () => {
  const body = { temperature: 0.2 };
  for (const dialect of ['messages', 'chat-completions'] as const) {
    expect(shape(dialect, 'claude-opus-4-6', body)).toEqual({ edits: {}, losses: [] });
    expect(shape(dialect, 'claude-opus-4-7', body)).toEqual({
      edits: { temperature: undefined },
      losses: [{ field: 'temperature', message: 'claude-opus-4-7 takes no temperature but 1' }],
    });
  }
});

test('sampling values that a newer Claude takes are left as they are', () => {
  const taken = { temperature: 1, top_p: 0.99 };
  expect(shape('messages', 'claude-opus-5', taken)).toEqual({ edits: {}, losses: [] });
  const refused = shape('messages', 'claude-opus-5', { temperature: 0, top_p: 0.98, top_k: 40 });
  expect(Object.keys(refused.edits)).toEqual(['temperature', 'top_p', 'top_k']);
  expect(lostFields(refused)).toEqual(['temperature', 'top_p', 'top_k']);
});

test('a Claude 4 gets temperature without top_p, and no warning where top_p said nothing', () => {
  const lossy = shape('messages', 'claude-sonnet-4-5', { temperature: 0.5, top_p: 0.9 });
  expect(lossy.edits).toEqual({ top_p: undefined });
  expect(Object.keys(lossy.edits)).toEqual(['top_p']);
  expect(lostFields(lossy)).toEqual(['top_p']);
  const lossless = shape('messages', 'claude-sonnet-4-5', { temperature: 0.5, top_p: 1 });
  expect(Object.keys(lossless.edits)).toEqual(['top_p']);
  expect(lossless.losses).toEqual([]);
  expect(shape('messages', 'claude-sonnet-4-5', { top_p: 0.9 }).edits).toEqual({});
});

test('a Claude that thinks by budget loses its sampling only while it thinks', () => {
  const thinking = { type: 'enabled', budget_tokens: 2048 };
  const shaped = shape('messages', 'claude-opus-4-6', { thinking, temperature: 0.3, top_k: 5 });
  expect(Object.keys(shaped.edits)).toEqual(['temperature', 'top_k']);
  const idle = { thinking: { type: 'disabled' }, temperature: 0.3, top_k: 5 };
  expect(shape('messages', 'claude-opus-4-6', idle).edits).toEqual({});
});

test('a thinking budget becomes adaptive thinking from Opus 4.7 on', () => {
  const body = { thinking: { type: 'enabled', budget_tokens: 2048, display: 'summarized' } };
  expect(shape('messages', 'claude-opus-4-6', body).edits).toEqual({});
  const shaped = shape('messages', 'claude-opus-4-7', body);
  expect(shaped.edits).toEqual({ thinking: { type: 'adaptive', display: 'summarized' } });
  expect(lostFields(shaped)).toEqual(['thinking.budget_tokens']);
});

test('thinking is switched off where it can be, and otherwise the wish is dropped', () => {
  const body = { thinking: { type: 'disabled' } };
  expect(shape('messages', 'claude-opus-5', body).edits).toEqual({});
  for (const model of ['claude-fable-5', 'claude-opus-5-5', 'claude-sonnet-5-5']) {
    const shaped = shape('messages', model, body);
    expect(shaped.edits).toStrictEqual({ thinking: undefined });
    expect(lostFields(shaped)).toEqual(['thinking']);
  }
});

test('a forced tool becomes a free choice where a model cannot be forced', () => {
  const body = { tool_choice: { type: 'tool', name: 'look', disable_parallel_tool_use: true } };
  expect(shape('messages', 'claude-opus-5', body).edits).toEqual({});
  const shaped = shape('messages', 'claude-fable-5-2', body);
  expect(shaped.edits).toEqual({
    tool_choice: { type: 'auto', disable_parallel_tool_use: true },
  });
  expect(lostFields(shaped)).toEqual(['tool_choice']);
  const chat = shape('chat-completions', 'claude-opus-5-5', { tool_choice: 'required' });
  expect(chat.edits).toEqual({ tool_choice: 'auto' });
  for (const free of ['auto', 'none', undefined]) {
    const untouched = shape('chat-completions', 'claude-opus-5-5', { tool_choice: free });
    expect(untouched.edits).toEqual({});
  }
});

test('adaptive thinking is dropped where a model thinks only by a budget', () => {
  const body = { thinking: { type: 'adaptive' }, temperature: 0.5 };
  const shaped = shape('messages', 'claude-sonnet-4-5', body);
  expect(shaped.edits).toStrictEqual({ thinking: undefined });
  expect(lostFields(shaped)).toEqual(['thinking']);
  expect(Object.keys(shape('messages', 'claude-opus-4-6', body).edits)).toEqual(['temperature']);
});

test('an effort is lowered or dropped where a Claude does not know it, the format kept', () => {
  const body = { output_config: { effort: 'xhigh', format: { type: 'json_schema' } } };
  const lowered = shape('messages', 'claude-opus-4-6', body);
  expect(lowered.edits).toEqual({
    output_config: { effort: 'high', format: { type: 'json_schema' } },
  });
  expect(lostFields(lowered)).toEqual(['output_config.effort']);
  const dropped = shape('messages', 'claude-sonnet-4-5', body);
  expect(dropped.edits).toStrictEqual({ output_config: { format: { type: 'json_schema' } } });
  const emptied = shape('messages', 'claude-sonnet-4-5', { output_config: { effort: 'low' } });
  expect(emptied.edits).toStrictEqual({ output_config: undefined });
  expect(shape('messages', 'claude-opus-4-7', body).edits).toEqual({});
});

test('a Claude kept from thinking gets no effort above high', () => {
  const body = { thinking: { type: 'disabled' }, output_config: { effort: 'max' } };
  expect(shape('messages', 'claude-opus-5', body).edits).toEqual({
    output_config: { effort: 'high' },
  });
  expect(shape('messages', 'claude-opus-5', { output_config: { effort: 'max' } }).edits).toEqual(
    {},
  );
});

test('an effort that a model does not know becomes the nearest that it does', () => {
  for (const [model, asked, given] of [
    ['gpt-5', 'none', 'minimal'],
    ['gpt-5', 'xhigh', 'high'],
    ['gpt-5.1', 'minimal', 'low'],
    ['gpt-5.5', 'max', 'xhigh'],
    ['gpt-6-astra', 'none', 'low'],
    ['o3', 'minimal', 'low'],
  ] as const) {
    const shaped = shape('responses', model, { reasoning: { effort: asked, summary: 'auto' } });
    expect(shaped).toEqual({
      edits: { reasoning: { effort: given, summary: 'auto' } },
      losses: [
        { field: 'reasoning.effort', message: `${model} has no effort ${asked}; it gets ${given}` },
      ],
    });
  }
  expect(shape('responses', 'gpt-5.6-sol', { reasoning: { effort: 'max' } }).edits).toEqual({});
  expect(shape('chat-completions', 'gpt-5.6-sol', { reasoning_effort: 'max' }).edits).toEqual({
    reasoning_effort: 'xhigh',
  });
  expect(shape('responses', 'gpt-5', { reasoning: { effort: 'endless' } }).edits).toEqual({});
});

test('GPT-5.6 calls functions in chat completions without reasoning, and samples then', () => {
  const tools = [{ type: 'function', function: { name: 'look' } }];
  const body = { tools, temperature: 0.2 };
  const shaped = shape('chat-completions', 'gpt-5.6-sol', body);
  expect(shaped.edits).toEqual({ reasoning_effort: 'none' });
  expect(lostFields(shaped)).toEqual(['reasoning_effort']);
  expect(shape('responses', 'gpt-5.6-sol', { tools }).edits).toEqual({});
  expect(shape('chat-completions', 'gpt-5.5', { tools }).edits).toEqual({});
  const settled = { ...body, reasoning_effort: 'none' };
  expect(shape('chat-completions', 'gpt-5.6-sol', settled)).toEqual({ edits: {}, losses: [] });
});

test('log probabilities in responses are dropped for the sixth generation alone', () => {
  const body = { top_logprobs: 3 };
  expect(lostFields(shape('responses', 'gpt-6-sol', body))).toEqual(['top_logprobs']);
  expect(shape('responses', 'gpt-5.5', body).edits).toEqual({});
});

test("a reasoning model's output limit is renamed, which loses nothing", () => {
  const shaped = shape('chat-completions', 'gpt-5.5', { max_tokens: 300 });
  expect(shaped).toStrictEqual({
    edits: { max_tokens: undefined, max_completion_tokens: 300 },
    losses: [],
  });
  expect(shape('chat-completions', 'gpt-4o', { max_tokens: 300 }).edits).toEqual({});
});

test('an output limit said twice keeps the newer name', () => {
  const body = { max_tokens: 300, max_completion_tokens: 200 };
  expect(shape('chat-completions', 'o3', body).edits).toStrictEqual({ max_tokens: undefined });
});

test('a model that always reasons loses sampling other than its defaults', () => {
  const refused = {
    temperature: 0.2,
    top_p: 0.5,
    logprobs: true,
    top_logprobs: 3,
    presence_penalty: 1,
    frequency_penalty: 1,
    logit_bias: { '50256': -100 },
  };
  const shaped = shape('chat-completions', 'o4-mini', refused);
  expect(lostFields(shaped)).toEqual(Object.keys(refused));
  const defaults = {
    temperature: 1,
    top_p: 1,
    logprobs: false,
    presence_penalty: 0,
    frequency_penalty: null,
    logit_bias: {},
  };
  expect(shape('chat-completions', 'o4-mini', defaults)).toEqual({ edits: {}, losses: [] });
});

test('effort none keeps the sampling of models that can be kept from reasoning', () => {
  const chat = { temperature: 0.2, reasoning_effort: 'none' };
  const responses = { temperature: 0.2, reasoning: { effort: 'none' } };
  expect(shape('chat-completions', 'gpt-5.5', chat).edits).toEqual({});
  expect(shape('responses', 'gpt-5.5', responses).edits).toEqual({});
  expect(lostFields(shape('responses', 'gpt-5', responses))).toEqual([
    'reasoning.effort',
    'temperature',
  ]);
});

test('an effort left out means none for GPT-5.1 and reasoning for GPT-5.5', () => {
  const body = { temperature: 0.2 };
  expect(shape('responses', 'gpt-5.1', body).edits).toEqual({});
  expect(lostFields(shape('responses', 'gpt-5.5', body))).toEqual(['temperature']);
  const reasoning = { ...body, reasoning: { effort: 'low' } };
  expect(lostFields(shape('responses', 'gpt-5.1', reasoning))).toEqual(['temperature']);
});

test('stop sequences are dropped for o3 and o4-mini alone', () => {
  const body = { stop: ['END'] };
  expect(lostFields(shape('chat-completions', 'o3', body))).toEqual(['stop']);
  expect(shape('chat-completions', 'o3-mini', body).edits).toEqual({});
});

test('a model without quirks, or without a name of ours, is sent what the caller wrote', () => {
  const body = { temperature: 0.2, top_p: 0.5, top_k: 3, stop: 'x' };
  expect(shape('chat-completions', 'mistral-large-2512', body)).toEqual({ edits: {}, losses: [] });
  expect(quirkEdits('messages', undefined, (name) => Reflect.get(body, name))).toEqual({
    edits: {},
    losses: [],
  });
});

test('every model with a quirk is in the catalog', () => {
  const models = [...new Set(MODEL_QUIRKS.flatMap((quirk) => quirk.models))];
  expect(models.length).toBeGreaterThan(50);
  expect(models.filter((model) => canonicalName(model) !== model)).toEqual([]);
});
