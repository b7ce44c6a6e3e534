// A batch: a file of requests is uploaded and answered line by line at low priority, each line routed
// and falling through on its own, by models of different vendors if one likes.
//
// Run:  UNDERSTUDY_API_KEY=… node examples/typescript-openai/batch.ts
import { setTimeout as sleep } from 'node:timers/promises';
import OpenAI, { toFile } from 'openai';

const ENDS = ['completed', 'failed', 'expired', 'cancelled'];

const broker = new OpenAI({
  baseURL: `${process.env['UNDERSTUDY_URL'] ?? 'http://127.0.0.1:8080'}/v1`,
  apiKey: process.env['UNDERSTUDY_API_KEY'],
});

const lines = ['sandbox-chat', 'sandbox-status-codes', 'sandbox-gateway-host'].map((model, index) =>
  JSON.stringify({
    custom_id: `question-${index + 1}`,
    method: 'POST',
    url: '/v1/chat/completions',
    body: { model, messages: [{ role: 'user', content: `Say hello, ${model}.` }] },
  }),
);

// Of a large file: fs.createReadStream('requests.jsonl') instead of toFile(…).
const input = await broker.files.create({
  file: await toFile(Buffer.from(lines.join('\n')), 'requests.jsonl'),
  purpose: 'batch',
});
let batch = await broker.batches.create({
  input_file_id: input.id,
  endpoint: '/v1/chat/completions',
  completion_window: '24h',
});
console.log(`${batch.id} is ${batch.status}`);

while (!ENDS.includes(batch.status)) {
  await sleep(500);
  batch = await broker.batches.retrieve(batch.id);
}

const { total = 0, completed = 0, failed = 0 } = batch.request_counts ?? {};
console.log(`${batch.id} is ${batch.status}: ${completed} of ${total} answered, ${failed} failed`);
if (batch.output_file_id !== undefined) {
  console.log(await (await broker.files.content(batch.output_file_id)).text());
}
