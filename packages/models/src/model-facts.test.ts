import { expect, test } from 'vitest';
import { dialectsForTask, modelFacts, openAiDialectsOf } from './model-facts.ts';
import { MODEL_VENDORS } from './model-catalog.ts';
import { nameOfSent } from './name-of-sent.ts';

const OPENAI_DIALECTS = ['chat-completions', 'responses', 'embeddings'] as const;

test('a model is known by vendor and task', () => {
  expect(modelFacts('claude-opus-4-7')).toEqual({ vendor: 'anthropic', task: 'completion' });
  expect(modelFacts('text-embedding-3-small')).toEqual({ vendor: 'openai', task: 'embedding' });
  expect(modelFacts('gpt-5-pro')).toEqual({
    vendor: 'openai',
    task: 'completion',
    responsesOnly: true,
  });
  expect(modelFacts('gpt-5.6-sol')).toEqual({
    vendor: 'openai',
    task: 'completion',
    reasonsBesideFunctionsInResponses: true,
  });
  expect(modelFacts('constructor')).toBeUndefined();
});

test('every embedding model is told from the models that complete', () => {
  const embedding = Object.keys(MODEL_VENDORS).filter((name) => name.includes('embed'));
  expect(embedding).toHaveLength(11);
  expect(embedding.map((name) => modelFacts(name)?.task)).toEqual(embedding.map(() => 'embedding'));
});

test('every codex model answers responses alone', () => {
  const codex = Object.keys(MODEL_VENDORS).filter((name) => name.includes('-codex'));
  expect(codex.length).toBeGreaterThan(4);
  for (const name of codex) expect(openAiDialectsOf(name, OPENAI_DIALECTS)).toEqual(['responses']);
});

test('a model is reached in the dialects of its task', () => {
  expect(openAiDialectsOf('gpt-5.5', OPENAI_DIALECTS)).toEqual(['chat-completions', 'responses']);
  expect(dialectsForTask('gemini-embedding-001', ['generate-content', 'embed-content'])).toEqual([
    'embed-content',
  ]);
  expect(dialectsForTask('gpt-5-pro', OPENAI_DIALECTS)).toEqual(['chat-completions', 'responses']);
});

test('an unknown model may be reached in any dialect', () => {
  expect(openAiDialectsOf(undefined, OPENAI_DIALECTS)).toBeUndefined();
  expect(openAiDialectsOf('our-tune', OPENAI_DIALECTS)).toBeUndefined();
});

test("a sent name is known by the provider's table, the operator's names or itself", () => {
  const names = {
    models: { 'claude-opus-4-7': 'databricks-claude-opus-4-7' },
    overrides: { 'gpt-5.5': 'our-deployment', tune: 'ft@1' },
  };
  expect(nameOfSent('databricks-claude-opus-4-7', names)).toBe('claude-opus-4-7');
  expect(nameOfSent('our-deployment', names)).toBe('gpt-5.5');
  expect(nameOfSent('claude-sonnet-4-20250514', names)).toBe('claude-sonnet-4');
  expect(nameOfSent('ft@1', names)).toBeUndefined();
});
