// A message through the unmodified Anthropic SDK, whole and as a stream. The model may be any vendor's:
// the request is translated for whoever answers.
//
// Run:  UNDERSTUDY_API_KEY=… node examples/typescript-anthropic/message.ts
import Anthropic from '@anthropic-ai/sdk';

const broker = new Anthropic({
  baseURL: `${process.env['UNDERSTUDY_URL'] ?? 'http://127.0.0.1:8080'}/anthropic`,
  apiKey: process.env['UNDERSTUDY_API_KEY'],
});

const request: Anthropic.MessageCreateParamsNonStreaming = {
  model: 'sandbox-model-names',
  max_tokens: 256,
  messages: [{ role: 'user', content: 'Say hello.' }],
};

const message = await broker.messages.create(request);
for (const block of message.content) if (block.type === 'text') console.log(block.text);

const stream = broker.messages.stream(request);
stream.on('text', (text) => process.stdout.write(text));
await stream.finalMessage();
process.stdout.write('\n');
