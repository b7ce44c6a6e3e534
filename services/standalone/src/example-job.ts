import type { BrokerStatus } from './broker-status.ts';

const MESSAGES = [{ role: 'user', content: 'Say hello.' }];

/** A first request in each dialect, in the order in which they are tried. */
const EXAMPLES = [
  { dialect: 'chat-completions', endpoint: '/v1/chat/completions', body: { messages: MESSAGES } },
  { dialect: 'messages', endpoint: '/v1/messages', body: { max_tokens: 64, messages: MESSAGES } },
  { dialect: 'responses', endpoint: '/v1/responses', body: { input: 'Say hello.' } },
];

export interface ExampleJob {
  endpoint: string;
  body: { model: string };
}

/** A job that the first live target of some route can answer; undefined when there is none. */
export function exampleJob(status: BrokerStatus): ExampleJob | undefined {
  const dialects = new Map(
    status.providers.filter((one) => one.alive).map((one) => [one.id, one.dialects]),
  );
  for (const route of status.routes) {
    const provider = route.targets[0]?.split('/')[0] ?? '';
    const example = EXAMPLES.find(({ dialect }) => dialects.get(provider)?.includes(dialect));
    if (example !== undefined) {
      return { endpoint: example.endpoint, body: { model: route.name, ...example.body } };
    }
  }
  return undefined;
}
