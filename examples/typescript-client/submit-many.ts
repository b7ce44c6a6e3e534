// Understudy's own client: many jobs, sixteen at a time, with their answers as they come. Interrupt it
// and run it again with the same name: jobs that were submitted before are found, not made again.
//
// Run:  UNDERSTUDY_API_KEY=… node examples/typescript-client/submit-many.ts [name of the run]
import { Understudy } from '@understudy/client';

const broker = new Understudy();
const keyPrefix = process.argv[2] ?? `greetings-${Date.now()}`;

function* greetings() {
  for (let number = 1; number <= 40; number += 1) {
    yield {
      endpoint: '/v1/chat/completions' as const,
      body: { model: 'sandbox-chat', messages: [{ role: 'user', content: `Hello ${number}` }] },
    };
  }
}

for await (const { index, job, error } of broker.submitMany(greetings(), { keyPrefix })) {
  console.log(index, job === undefined ? error.message : `${job.id} ${job.status}`);
}
