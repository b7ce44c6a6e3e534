import type { Page, Request } from 'playwright-core';
import { expect } from 'vitest';

/** Longer than it takes a page to draw an answer and to ask what the answer leads to. */
const STILL_MS = 100;

/**
 * Opens a view and waits until what it asks the broker for is there and drawn. Event streams stay
 * open, so the network as a whole is never idle.
 * @param page signed in, for the sign-in asks nothing
 */
export async function openView(page: Page, url: string): Promise<void> {
  let asked = 0;
  const open = new Set<Request>();
  const begin = (request: Request): void => {
    if (!isQuestion(request)) return;
    asked += 1;
    open.add(request);
  };
  const end = (request: Request): void => void open.delete(request);
  page.on('request', begin);
  page.on('requestfinished', end);
  page.on('requestfailed', end);
  const look = async () => {
    const before = asked;
    await page.evaluate(
      `new Promise((drawn) => setTimeout(() => requestAnimationFrame(drawn), ${STILL_MS}))`,
    );
    const waitsFor = [...open].map((request) => request.url().slice(0, 200));
    return { hasAsked: asked > 0, askedMore: asked > before, waitsFor };
  };
  try {
    await page.goto(url);
    await page.locator('main#view h1').waitFor();
    await expect
      .poll(look, { timeout: 15_000 })
      .toEqual({ hasAsked: true, askedMore: false, waitsFor: [] });
  } finally {
    page.off('request', begin);
    page.off('requestfinished', end);
    page.off('requestfailed', end);
  }
}

function isQuestion(request: Request): boolean {
  const { pathname } = new URL(request.url());
  return pathname.startsWith('/v1/') && pathname !== '/v1/events';
}
