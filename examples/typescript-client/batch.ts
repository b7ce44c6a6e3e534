// Understudy's own client: a file of requests as a batch, and its answers. The example for the openai
// SDK does the same; here waiting is one call.
//
// Run:  UNDERSTUDY_API_KEY=… node examples/typescript-client/batch.ts
import { Understudy } from '@understudy/client';

const broker = new Understudy();

const lines = ['one', 'two', 'three'].map((number) =>
  JSON.stringify({
    custom_id: `question-${number}`,
    method: 'POST',
    url: '/v1/chat/completions',
    body: { model: 'sandbox-chat', messages: [{ role: 'user', content: `Count to ${number}.` }] },
  }),
);

// Of a large file: await openAsBlob('requests.jsonl') of node:fs instead of new Blob(…).
const input = await broker.files.upload(new Blob([lines.join('\n')]), {
  filename: 'requests.jsonl',
});
const { id } = await broker.batches.create({
  input_file_id: input.id,
  endpoint: '/v1/chat/completions',
});
const batch = await broker.batches.wait(id, {
  onProgress: ({ status }) => console.log(`${id} is ${status}`),
});

const { total, completed } = batch.request_counts;
console.log(`${id} has ended: ${completed} of ${total} answered`);
if (batch.output_file_id !== undefined) {
  console.log(await (await broker.files.content(batch.output_file_id)).text());
}
