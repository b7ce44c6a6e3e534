import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';

/** Lets the page wait so long for each answer of these paths. */
export async function delayAnswers(
  page: Page,
  isMeant: (path: string) => boolean,
  delayMs: number,
): Promise<void> {
  await page.route(
    ({ pathname }) => isMeant(pathname),
    async (route) => {
      await sleep(delayMs);
      // Meanwhile the page may have gone on, or have been closed.
      await route.continue().catch(() => undefined);
    },
  );
}
