import { expect, test } from 'vitest';
import { explainCommand, readRouteQuestion, routeAddress, toggleOutage } from './route-query.ts';

test('a question survives the way through the address', () => {
  const question = {
    model: 'meta/llama 3&more',
    endpoint: '/v1/messages' as const,
    without: ['a', 'b'],
  };
  const address = new URL(routeAddress(question), 'http://console');
  expect(readRouteQuestion(Object.fromEntries(address.searchParams))).toEqual(question);
  expect(routeAddress({ without: [] })).toBe('/console/routes');
});

test('what an address says wrongly is left out, and a provider is down once', () => {
  expect(readRouteQuestion({ endpoint: '/v1/none', without: ',a,a,', model: '' })).toEqual({
    without: ['a'],
  });
});

test('an outage is taken back', () => {
  const down = toggleOutage({ model: 'm', without: ['a'] }, 'b', true);
  expect(down.without).toEqual(['a', 'b']);
  expect(toggleOutage(down, 'a', false)).toEqual({ model: 'm', without: ['b'] });
});

test('no name of a model ends the quotes of the command', () => {
  const command = explainCommand('http://broker.example', {
    model: "it's a/b",
    endpoint: '/v1/messages',
    without: ["b'"],
  });
  expect(command).toBe(
    "curl -s 'http://broker.example/v1/routes/it%27s%20a%2Fb" +
      '?endpoint=%2Fv1%2Fmessages&without=b%27\' -H "authorization: Bearer $UNDERSTUDY_API_KEY"',
  );
});
