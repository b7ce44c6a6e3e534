// A Response in the background: created, left alone, looked at later, as long reasoning wants it. It
// outlives this program; the id is all that is needed to ask again.
//
// Run:  UNDERSTUDY_API_KEY=… node examples/typescript-openai/background-response.ts
import { setTimeout as sleep } from 'node:timers/promises';
import OpenAI from 'openai';

const broker = new OpenAI({
  baseURL: `${process.env['UNDERSTUDY_URL'] ?? 'http://127.0.0.1:8080'}/v1`,
  apiKey: process.env['UNDERSTUDY_API_KEY'],
});

let response = await broker.responses.create({
  model: 'sandbox-chat',
  input: 'Think for a long time, then say hello.',
  background: true,
});
console.log(`${response.id} is ${response.status}`);

while (response.status === 'queued' || response.status === 'in_progress') {
  await sleep(500);
  response = await broker.responses.retrieve(response.id);
}

console.log(`${response.id} is ${response.status}`);
console.log(response.output_text);
