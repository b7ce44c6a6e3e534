import axe from 'axe-core';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { ensureBuilt } from '../../packages/console/build-console.ts';
import { startSandboxBroker } from '../support/start-sandbox-broker.ts';
import type { Broker } from '../support/start-broker.ts';
import { findChromium } from './find-chromium.ts';

/** Chromium asks nobody outside for anything, so that every request seen is the console's. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface OpenPageOptions {
  /** `/console/jobs` unless told. */
  path?: string;
  colorScheme?: 'light' | 'dark';
  width?: number;
  /** The broker's first key, which may everything, unless told; null to stay at the sign-in. */
  key?: string | null;
}

/** The built console of a real broker with sandbox vendors, and a browser to look at it with. */
export interface OpenConsole extends AsyncDisposable {
  broker: Broker;
  browser: Browser;
  /** A tab of its own, signed in. */
  openPage(options?: OpenPageOptions): Promise<Page>;
}

export async function openConsole(): Promise<OpenConsole> {
  await ensureBuilt();
  const broker = await startSandboxBroker();
  let browser: Browser | undefined;
  const stop = async (): Promise<void> => {
    await browser?.close();
    await broker.stop();
  };
  try {
    browser = await chromium.launch({ executablePath: findChromium(), args: FLAGS });
  } catch (error) {
    await stop();
    throw error;
  }
  const opened = browser;
  const openPage = async (options: OpenPageOptions = {}): Promise<Page> => {
    const { path = '/console/jobs', colorScheme = 'light', width = 1440, key } = options;
    const context = await opened.newContext({
      colorScheme,
      viewport: { width, height: 900 },
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    // The page's policy forbids scripts that it did not bring; this way in is the debugger's.
    await context.addInitScript({ content: axe.source });
    const page = await context.newPage();
    await page.goto(`${broker.url}${path}`);
    if (key !== null) await signIn(page, key ?? broker.apiKey);
    return page;
  };
  return { broker, browser, openPage, [Symbol.asyncDispose]: stop };
}

/** Types the key in, as a person does, and waits for the view. */
export async function signIn(page: Page, key: string): Promise<void> {
  await page.getByLabel('API key').fill(key);
  await page.getByRole('button', { name: 'Open the console' }).click();
  await page.locator('main#view h1').waitFor();
}
