import { openDispatchScene } from '@understudy/dispatch/testing';
import type { DispatchScene } from '@understudy/dispatch/testing';
import { measuring } from '../measuring.ts';
import { createMetrics } from '../metrics.ts';
import type { Metrics } from '../metrics.ts';

export interface MeasuredScene extends DispatchScene {
  metrics: Metrics;
  /** The lines of a metric, without the label that all series of a service have. */
  lines(name: string): Promise<string[]>;
}

/** A dispatch over real Redis whose changes of jobs are measured. */
export async function openMeasuredScene(
  targets: Parameters<typeof openDispatchScene>[0],
): Promise<MeasuredScene> {
  const scene = await openDispatchScene(targets);
  const { dispatch } = scene;
  const metrics = createMetrics('test');
  const { measure } = measuring(metrics, () => dispatch.views().settings);
  if (measure === undefined) throw new Error('metrics are on, and nothing is measured');
  Object.assign(dispatch, { store: measure(dispatch.store, dispatch.registry) });
  return { ...scene, metrics, lines: (name) => linesOf(metrics, name) };
}

async function linesOf(metrics: Metrics, name: string): Promise<string[]> {
  const lines = (await metrics.text()).split('\n');
  return lines
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .map((line) => line.replace(/,?service="test",?/, '').replace('{}', ''));
}
