import { expect, test } from 'vitest';
import { closableOnce } from './run-service.ts';

test('closing twice closes once, and both callers wait for the end', async () => {
  const end = Promise.withResolvers<void>();
  let closes = 0;
  const closable = closableOnce(async () => {
    closes += 1;
    await end.promise;
  });
  const story: string[] = [];
  const both = [closable.close(), closable.close()].map((one) =>
    one.then(() => story.push('closed')),
  );
  story.push('still open');
  end.resolve();
  await Promise.all(both);
  expect(closes).toBe(1);
  expect(story).toEqual(['still open', 'closed', 'closed']);
});
