import { measureThroughput } from './measure-throughput.ts';
import { fitLine } from './fit-line.ts';
import { startStage } from './stage.ts';

/** All of them get the large answer of the fake provider, so only the request differs. */
const FITTED_KILOBYTES = [30, 200, 500] as const;
/** The model does not know it; what it says of it is held against what is measured. */
const HELD_OUT_KILOBYTES = 100;
const CLIENTS = 50;
/** So many bytes per size, that each takes about as long. */
const BYTES_PER_SIZE = 60_000_000;

/**
 * The model behind docs/capacity.md: what a job costs each process, as a line over the size of its
 * request; and how far it is off for a size that it was not made from.
 */
async function measureCapacity(): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const stage = await startStage(stack, {
    contenders: ['broker'],
    clientConcurrency: CLIENTS,
    profile: false,
  });
  const [broker] = stage.contenders;
  if (broker === undefined) throw new Error('no broker was started');
  const cost = async (kilobytes: number): Promise<Record<string, number>> => {
    const requestBytes = kilobytes * 1000;
    const load = { jobs: Math.ceil(BYTES_PER_SIZE / requestBytes), requestBytes };
    const measured = await measureThroughput(broker, stage, {
      ...load,
      clientConcurrency: CLIENTS,
    });
    console.log(JSON.stringify({ kilobytes, ...measured.cpuMicrosecondsPerJob }));
    return measured.cpuMicrosecondsPerJob;
  };
  const fitted: { kilobytes: number; of: Record<string, number> }[] = [];
  for (const kilobytes of FITTED_KILOBYTES) fitted.push({ kilobytes, of: await cost(kilobytes) });
  const measured = await cost(HELD_OUT_KILOBYTES);
  const model = Object.keys(measured).map((process) => {
    const line = fitLine(fitted.map(({ kilobytes, of }) => [kilobytes, of[process] ?? 0]));
    const predicted = line.intercept + line.slope * HELD_OUT_KILOBYTES;
    return { process, ...line, predicted, measured: measured[process] ?? 0 };
  });
  for (const line of model) console.log(JSON.stringify(line));
  const sum = (of: 'predicted' | 'measured'): number =>
    model.reduce((total, line) => total + line[of], 0);
  console.log(JSON.stringify({ error: sum('predicted') / sum('measured') - 1 }));
}

await measureCapacity();
