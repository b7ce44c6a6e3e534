import { readFileSync } from 'node:fs';
import { Registry, collectDefaultMetrics } from 'prom-client';
import { createInstruments } from './instruments.ts';
import type { Instruments } from './instruments.ts';

/** The repository's own: all packages of it are released together. */
const release: { version: string } = JSON.parse(
  readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
);

/** How often the event loop is looked at; what it says of the delay includes this. */
const EVENT_LOOP_RESOLUTION_MS = 20;

/** What one service measures. Where metrics are off there is none, and nothing is counted. */
export interface Metrics extends Instruments {
  /** Run before each answer; a failure is counted, and the instruments stay as they are. */
  onScrape(read: () => Promise<void>): void;
  /** Measures the process too: CPU, memory, garbage collection, delay of the event loop. */
  watchProcess(): void;
  /** All of it as Prometheus reads it, in the text format 0.0.4. */
  text(): Promise<string>;
  contentType: string;
}

/** @param service label of every series, so that a dashboard need not know who is scraped where */
export function createMetrics(service: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  const instruments = createInstruments(registry);
  instruments.buildInfo.set({ version: release.version, node: process.version }, 1);
  const readings: (() => Promise<void>)[] = [];
  let watches = false;
  return {
    ...instruments,
    contentType: registry.contentType,
    onScrape: (read) => void readings.push(read),
    watchProcess: () => {
      if (watches) return;
      watches = true;
      collectDefaultMetrics({
        register: registry,
        eventLoopMonitoringPrecision: EVENT_LOOP_RESOLUTION_MS,
      });
    },
    text: async () => {
      const read = await Promise.allSettled(readings.map((reading) => reading()));
      const failures = read.filter(({ status }) => status === 'rejected').length;
      if (failures > 0) instruments.systemReadFailures.inc(failures);
      return registry.metrics();
    },
  };
}
