import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CHART, renderChart } from './helm.ts';
import { findFreePort } from './free-port.ts';
import { configurationOf, podsOf } from './rendered-pods.ts';
import type { RenderedPod } from './rendered-pods.ts';
import { startService } from './service-process.ts';
import type { ServiceProcess } from './service-process.ts';

const READY_TIMEOUT_MS = 90_000;

/** A pod of the chart as a process on this machine. */
interface RunningPod {
  pod: RenderedPod;
  service: ServiceProcess;
  /** Of the port that the pod opens, here. */
  url: string;
}

/** What the chart deploys, as processes with exactly the variables of its pods. */
interface HelmRelease extends AsyncDisposable {
  pods: RunningPod[];
  /** The first pod of this component. */
  podOf(component: string): RunningPod;
}

/**
 * Renders the chart over its smallest values and starts one process for each deployment: the
 * configuration as its ConfigMap has it, secrets resolved from `secrets`, and nothing else but ports of
 * this machine. Waits until each answers its readiness probe.
 * @param secrets by name, their members
 */
export async function startHelmRelease(
  set: Readonly<Record<string, unknown>>,
  secrets: Readonly<Record<string, Readonly<Record<string, string>>>>,
): Promise<HelmRelease> {
  const manifests = await renderChart([join(CHART, 'ci/smallest-values.yaml')], { set });
  const folder = mkdtempSync(join(tmpdir(), 'understudy-release-'));
  const configurationPath = join(folder, 'understudy.yaml');
  writeFileSync(configurationPath, configurationOf(manifests));
  const pods: RunningPod[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(pods.map(({ service }) => service.stop()));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    for (const pod of podsOf(manifests)) {
      const port = await findFreePort();
      const portVariable = pod.environment.has('PORT') ? 'PORT' : 'UNDERSTUDY_METRICS_PORT';
      const service = await startService(pod.entry.split('/')[1] ?? '', {
        ...environmentOf(pod, secrets),
        // Ports and paths are those of a container of its own.
        [portVariable]: String(port),
        UNDERSTUDY_CONFIG: configurationPath,
        UNDERSTUDY_FILES_PATH: join(folder, 'files'),
      });
      pods.push({ pod, service, url: `http://127.0.0.1:${port}` });
    }
    await Promise.all(pods.map((running) => becomesReady(running)));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    pods,
    podOf: (component) => {
      const found = pods.find(({ pod }) => pod.labels['app.kubernetes.io/component'] === component);
      if (found === undefined) throw new Error(`the chart deploys no ${component}`);
      return found;
    },
    [Symbol.asyncDispose]: stop,
  };
}

function environmentOf(
  pod: RenderedPod,
  secrets: Readonly<Record<string, Readonly<Record<string, string>>>>,
): Record<string, string> {
  const named = [...pod.environment].flatMap(([variable, value]): [string, string][] => {
    const text = typeof value === 'string' ? value : secrets[value.secret]?.[value.key];
    return text === undefined ? [] : [[variable, text]];
  });
  const whole = pod.secrets.flatMap((secret) => Object.entries(secrets[secret] ?? {}));
  return Object.fromEntries([...whole, ...named]);
}

async function becomesReady({ pod, service, url }: RunningPod): Promise<void> {
  const { path = '' } = pod.container.readinessProbe?.httpGet ?? {};
  const deadline = performance.now() + READY_TIMEOUT_MS;
  let last = 'no answer';
  while (performance.now() < deadline) {
    const answer = await fetch(`${url}${path}`).catch(() => undefined);
    if (answer?.ok === true) return;
    last = (await answer?.text()) ?? last;
    await sleep(100);
  }
  throw new Error(`${pod.name} is not ready (${last}):\n${service.output.join('\n')}`);
}
