// The same as a stream. A provider that fails before the first word is passed over as ever; while
// the job waits, the stream is kept open.
//
// Run:  UNDERSTUDY_API_KEY=… node examples/typescript-openai/stream.ts
import OpenAI from 'openai';

const broker = new OpenAI({
  baseURL: `${process.env['UNDERSTUDY_URL'] ?? 'http://127.0.0.1:8080'}/v1`,
  apiKey: process.env['UNDERSTUDY_API_KEY'],
});

const stream = await broker.chat.completions.create({
  model: 'sandbox-chat',
  messages: [{ role: 'user', content: 'Count to three.' }],
  stream: true,
});

for await (const chunk of stream) {
  process.stdout.write(chunk.choices[0]?.delta.content ?? '');
}
process.stdout.write('\n');
