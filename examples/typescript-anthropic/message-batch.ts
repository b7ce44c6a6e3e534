// A message batch: requests are sent along, without a file, and the results are read when all have
// ended.
//
// Run:  UNDERSTUDY_API_KEY=… node examples/typescript-anthropic/message-batch.ts
import { setTimeout as sleep } from 'node:timers/promises';
import Anthropic from '@anthropic-ai/sdk';

const broker = new Anthropic({
  baseURL: `${process.env['UNDERSTUDY_URL'] ?? 'http://127.0.0.1:8080'}/anthropic`,
  apiKey: process.env['UNDERSTUDY_API_KEY'],
});

const questions = ['What is a queue?', 'What is a broker?', 'What is an understudy?'];

let batch = await broker.messages.batches.create({
  requests: questions.map((content, index) => ({
    custom_id: `question-${index + 1}`,
    params: {
      model: 'sandbox-model-names',
      max_tokens: 256,
      messages: [{ role: 'user', content }],
    },
  })),
});
console.log(`${batch.id} is ${batch.processing_status}`);

while (batch.processing_status !== 'ended') {
  await sleep(500);
  batch = await broker.messages.batches.retrieve(batch.id);
}

console.log(`${batch.id} has ended: ${batch.request_counts.succeeded} succeeded`);
for await (const { custom_id: id, result } of await broker.messages.batches.results(batch.id)) {
  const text =
    result.type === 'succeeded'
      ? result.message.content.map((block) => (block.type === 'text' ? block.text : '')).join('')
      : result.type;
  console.log(`${id}: ${text}`);
}
