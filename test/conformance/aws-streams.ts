import { awsChunk, awsEvent } from '../../packages/provider/src/testing/aws-event-frame.ts';
import { isJsonObject, type JsonObject } from './json.ts';

/** An answer of Amazon Bedrock's `Converse` as `ConverseStream` sends it: the text in two pieces. */
export function converseFrames(answered: string): Buffer {
  const { output, stopReason, ...metadata } = objectOf(JSON.parse(answered));
  const content = objectsIn(objectOf(objectOf(output)['message'])['content']);
  return Buffer.concat([
    awsEvent('messageStart', { role: 'assistant' }),
    ...content.flatMap(converseBlock),
    awsEvent('messageStop', { stopReason }),
    awsEvent('metadata', metadata),
  ]);
}

function converseBlock({ text, toolUse }: JsonObject, contentBlockIndex: number): Uint8Array[] {
  const delta = (added: object): Uint8Array =>
    awsEvent('contentBlockDelta', { contentBlockIndex, delta: added });
  const end = awsEvent('contentBlockStop', { contentBlockIndex });
  if (typeof text === 'string') return [...halves(text).map((half) => delta({ text: half })), end];
  const { input, ...tool } = objectOf(toolUse);
  const pieces = halves(JSON.stringify(input));
  return [
    awsEvent('contentBlockStart', { contentBlockIndex, start: { toolUse: tool } }),
    ...pieces.map((half) => delta({ toolUse: { input: half } })),
    end,
  ];
}

/** An answer of Anthropic's Messages as `InvokeModelWithResponseStream` sends it. */
export function messageFrames(answered: string): Buffer {
  const { content, stop_reason: reason, usage, ...message } = objectOf(JSON.parse(answered));
  const events = [
    { type: 'message_start', message: { ...message, content: [], usage } },
    ...objectsIn(content).flatMap(messageBlock),
    { type: 'message_delta', delta: { stop_reason: reason, stop_sequence: null }, usage },
    { type: 'message_stop' },
  ];
  return Buffer.concat(events.map((event) => awsChunk(JSON.stringify(event))));
}

function messageBlock(block: JsonObject, index: number): object[] {
  const { text, input, ...rest } = block;
  const delta = (added: object): object => ({ type: 'content_block_delta', index, delta: added });
  const pieces =
    typeof text === 'string'
      ? halves(text).map((half) => delta({ type: 'text_delta', text: half }))
      : halves(JSON.stringify(input)).map((half) =>
          delta({ type: 'input_json_delta', partial_json: half }),
        );
  const begun = typeof text === 'string' ? { ...rest, text: '' } : { ...rest, input: {} };
  return [
    { type: 'content_block_start', index, content_block: begun },
    ...pieces,
    { type: 'content_block_stop', index },
  ];
}

function halves(text: string): string[] {
  const middle = Math.ceil(text.length / 2);
  return [text.slice(0, middle), text.slice(middle)];
}

function objectOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

function objectsIn(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
