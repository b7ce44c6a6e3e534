import { setTimeout as sleep } from 'node:timers/promises';
import { createOpenAI } from '@ai-sdk/openai';
import Anthropic from '@anthropic-ai/sdk';
import {
  experimental_getBatchResults as getBatchResults,
  experimental_getBatchStatus as getBatchStatus,
  experimental_startBatch as startBatch,
} from 'ai';
import Anthropic0 from 'anthropic-sdk-0';
import Groq from 'groq-sdk';
import OpenAI from 'openai';
import OpenAI6 from 'openai-6';

/** What a caller got for the lines of its batch. */
export interface BatchAnswers {
  /** Id of the batch, or of the Response. */
  ids: string[];
  /** One for each line that came back, in the order they came. */
  customIds: string[];
  /** Lines that came back without an answer. */
  failed: string[];
}

/** A caller with an official SDK, which knows nothing of the broker but where it is. */
export interface SdkCaller {
  name: string;
  /** @param token names a line of the caller in its prompt */
  run(lines: number, tokenOf: (line: number) => string): Promise<BatchAnswers>;
}

/** An SDK gives up after two retries by itself; a patient caller sets more. */
const MORE_RETRIES = { maxRetries: 60, timeout: 20_000 };
const POLL_INTERVAL_MS = 300;
const MODEL = 'chat';

export function sdkCallers(url: string, apiKey: string): SdkCaller[] {
  const options = { apiKey, ...MORE_RETRIES };
  return [
    { name: 'openai 7', run: openaiBatch(new OpenAI({ ...options, baseURL: `${url}/v1` })) },
    {
      name: 'openai 6',
      run: openaiBatch(new OpenAI6({ ...options, baseURL: `${url}/openai/v1` })),
    },
    { name: 'groq', run: groqBatch(new Groq({ ...options, baseURL: url })) },
    {
      name: 'anthropic 1',
      run: anthropicBatch(new Anthropic({ ...options, baseURL: `${url}/anthropic` })),
    },
    {
      name: 'anthropic 0',
      run: anthropicBatch(new Anthropic0({ ...options, baseURL: `${url}/anthropic` })),
    },
    {
      name: 'openai background',
      run: backgroundResponses(new OpenAI({ ...options, baseURL: `${url}/v1` })),
    },
    { name: 'ai', run: aiSdkBatch(`${url}/v1`, apiKey) },
  ];
}

function prompt(token: string): string {
  return `token:${token}: Good day?`;
}

function* openaiLines(lines: number, tokenOf: (line: number) => string): Generator<string> {
  for (let line = 0; line < lines; line += 1) {
    const messages = [{ role: 'user', content: prompt(tokenOf(line)) }];
    const body = { model: MODEL, messages };
    const request = { custom_id: tokenOf(line), method: 'POST', url: '/v1/chat/completions', body };
    yield `${JSON.stringify(request)}\n`;
  }
}

/** What the SDKs of OpenAI's shape have in common, by the names of their calls. */
interface FileBatches {
  upload(file: File): Promise<string>;
  create(fileId: string): Promise<string>;
  retrieve(id: string): Promise<{ status: string; output?: string; errors?: string }>;
  content(fileId: string): Promise<string>;
}

const CREATED = { endpoint: '/v1/chat/completions', completion_window: '24h' } as const;

function openaiBatch(client: OpenAI | OpenAI6): SdkCaller['run'] {
  return fileBatch({
    upload: async (file) => (await client.files.create({ file, purpose: 'batch' })).id,
    create: async (fileId) =>
      (await client.batches.create({ ...CREATED, input_file_id: fileId })).id,
    retrieve: async (id) => resultFiles(await client.batches.retrieve(id)),
    content: async (fileId) => (await client.files.content(fileId)).text(),
  });
}

function groqBatch(client: Groq): SdkCaller['run'] {
  return fileBatch({
    upload: async (file) => (await client.files.create({ file, purpose: 'batch' })).id ?? '',
    create: async (fileId) =>
      (await client.batches.create({ ...CREATED, input_file_id: fileId })).id,
    retrieve: async (id) => resultFiles(await client.batches.retrieve(id)),
    content: async (fileId) => (await client.files.content(fileId)).text(),
  });
}

interface RetrievedBatch {
  status: string;
  output_file_id?: string | null;
  error_file_id?: string | null;
}

function resultFiles(batch: RetrievedBatch): Awaited<ReturnType<FileBatches['retrieve']>> {
  return {
    status: batch.status,
    ...(batch.output_file_id ? { output: batch.output_file_id } : {}),
    ...(batch.error_file_id ? { errors: batch.error_file_id } : {}),
  };
}

function fileBatch(client: FileBatches): SdkCaller['run'] {
  return async (lines, tokenOf) => {
    const file = new File([...openaiLines(lines, tokenOf)], 'input.jsonl');
    const id = await client.create(await client.upload(file));
    const { output, errors } = await ended(
      () => client.retrieve(id),
      ({ status }) => ['completed', 'failed', 'expired', 'cancelled'].includes(status),
    );
    return {
      ids: [id],
      customIds: output === undefined ? [] : customIdsOf(await client.content(output)),
      failed: errors === undefined ? [] : customIdsOf(await client.content(errors)),
    };
  };
}

function anthropicBatch(client: Anthropic | Anthropic0): SdkCaller['run'] {
  return async (lines, tokenOf) => {
    const requests = Array.from({ length: lines }, (_, line) => ({
      custom_id: tokenOf(line),
      params: {
        model: MODEL,
        max_tokens: 50,
        messages: [{ role: 'user' as const, content: prompt(tokenOf(line)) }],
      },
    }));
    const { id } = await client.messages.batches.create({ requests });
    await ended(
      () => client.messages.batches.retrieve(id),
      ({ processing_status }) => processing_status === 'ended',
    );
    const answers: BatchAnswers = { ids: [id], customIds: [], failed: [] };
    for await (const { custom_id: customId, result } of await client.messages.batches.results(id)) {
      (result.type === 'succeeded' ? answers.customIds : answers.failed).push(customId);
    }
    return answers;
  };
}

function backgroundResponses(client: OpenAI): SdkCaller['run'] {
  return async (lines, tokenOf) => {
    const answers: BatchAnswers = { ids: [], customIds: [], failed: [] };
    for (let line = 0; line < lines; line += 1) {
      const input = prompt(tokenOf(line));
      const { id } = await client.responses.create({ model: MODEL, input, background: true });
      answers.ids.push(id);
    }
    for (const [line, id] of answers.ids.entries()) {
      const response = await ended(
        () => client.responses.retrieve(id),
        ({ status }) => status !== 'queued' && status !== 'in_progress',
      );
      (response.status === 'completed' ? answers.customIds : answers.failed).push(tokenOf(line));
    }
    return answers;
  };
}

/** The AI SDK makes no retry of its own: its caller repeats a call, with a key that says so. */
function aiSdkBatch(baseURL: string, apiKey: string): SdkCaller['run'] {
  return async (lines, tokenOf) => {
    const headers = { 'idempotency-key': 'the-batch-of-the-ai-sdk' };
    const provider = createOpenAI({ baseURL, apiKey, headers });
    const requests = Array.from({ length: lines }, (_, line) => ({
      id: tokenOf(line),
      type: 'text' as const,
      model: MODEL,
      prompt: prompt(tokenOf(line)),
    }));
    const batch = await again(() => startBatch({ provider, requests }));
    await ended(
      () => again(() => getBatchStatus({ provider, batch })),
      ({ status }) => status === 'completed' || status === 'failed',
    );
    return again(async () => {
      const answers: BatchAnswers = { ids: [batch.id], customIds: [], failed: [] };
      for await (const { id, status } of getBatchResults({ provider, batch })) {
        (status === 'succeeded' ? answers.customIds : answers.failed).push(id);
      }
      return answers;
    });
  };
}

async function again<Value>(attempt: () => Promise<Value>): Promise<Value> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (tries === MORE_RETRIES.maxRetries) throw error;
      await sleep(POLL_INTERVAL_MS);
    }
  }
}

async function ended<State>(
  look: () => Promise<State>,
  isEnd: (state: State) => boolean,
): Promise<State> {
  for (;;) {
    const state = await look();
    if (isEnd(state)) return state;
    await sleep(POLL_INTERVAL_MS);
  }
}

function customIdsOf(jsonl: string): string[] {
  return jsonl
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => String(JSON.parse(line).custom_id));
}
