import { expect, onTestFinished, test, vi } from 'vitest';
import { startTestApi } from './testing/start-test-api.ts';
import { watchRoutes } from './watch-routes.ts';

const CONFIGURATION = `
providers:
  main: { kind: openai, apiKey: unused }
routes:
  chat: { targets: [ { provider: main, model: gpt-4o } ] }
  lost: { targets: [ { provider: main } ] }
`;

test('a target that knows no model is warned of once, and again after it was put right', async () => {
  const { dispatch } = await startTestApi({ configuration: CONFIGURATION, registered: ['main'] });
  const warn = vi.spyOn(dispatch.logger, 'warn');
  let views = dispatch.views();
  const looked = vi.fn<() => typeof views>(() => views);
  const watch = watchRoutes({ ...dispatch, views: looked });
  onTestFinished(() => watch.close());
  const lookAgain = async (): Promise<void> => {
    const before = looked.mock.calls.length;
    watch.trigger();
    await expect.poll(() => looked.mock.calls.length).toBeGreaterThan(before);
  };

  await lookAgain();
  await lookAgain();
  expect(warn.mock.calls).toEqual([
    [{ route: 'lost', provider: 'main' }, expect.stringContaining('does not know the model')],
  ]);

  const { routes, ...rest } = views.settings;
  const { chat = expect.fail() } = routes;
  views = { ...views, settings: { ...rest, routes: { chat } } };
  await lookAgain();
  views = dispatch.views();
  await lookAgain();
  expect(warn).toHaveBeenCalledTimes(2);
});
