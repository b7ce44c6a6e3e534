import { expect, test } from 'vitest';
import { genAiOperation, genAiProviderName } from './gen-ai-names.ts';

test('vendors go by the names of the conventions, and unknown ones by ours', () => {
  expect(['openai', 'vertex', 'bedrock', 'azure', 'our-vllm'].map(genAiProviderName)).toEqual([
    'openai',
    'gcp.vertex_ai',
    'aws.bedrock',
    'azure.ai.openai',
    'our-vllm',
  ]);
});

test('the dialect of a call says what is done', () => {
  expect(genAiOperation('messages')).toBe('chat');
  expect(genAiOperation('generate-content')).toBe('generate_content');
  expect(genAiOperation('embed-content')).toBe('embeddings');
});
