// A chat completion through the unmodified OpenAI SDK: the call waits, and falls through to the next
// provider where one fails. Priority and metadata travel as headers.
//
// Run:  UNDERSTUDY_API_KEY=… node examples/typescript-openai/chat-completion.ts
import OpenAI from 'openai';

const broker = new OpenAI({
  baseURL: `${process.env['UNDERSTUDY_URL'] ?? 'http://127.0.0.1:8080'}/v1`,
  apiKey: process.env['UNDERSTUDY_API_KEY'],
});

const completion = await broker.chat.completions.create(
  { model: 'sandbox-status-codes', messages: [{ role: 'user', content: 'Say hello.' }] },
  { headers: { 'Understudy-Priority': 'high' } },
);

console.log(completion.choices[0]?.message.content);
