import { mkdir, writeFile } from 'node:fs/promises';
import { missingServices } from './broker-contender.ts';
import { inspectMachine, recheckMachine } from './machine.ts';
import { asksForHelp, readOptions, USAGE, UsageError, type BenchOptions } from './options.ts';
import { runPart, type SharedStage } from './parts.ts';
import { profileParts } from './profile-parts.ts';
import { summary, table, type BenchRun } from './report.ts';
import { startStage } from './stage.ts';

const RESULTS = new URL('results/latest.json', import.meta.url);

async function measure(options: BenchOptions): Promise<void> {
  const startedAt = Date.now();
  const machine = inspectMachine();
  for (const warning of machine.warnings) console.warn(`WARNING: ${warning}`);
  const run: BenchRun = {
    startedAt: new Date(startedAt).toISOString(),
    options,
    machine,
    warnings: {},
    failures: {},
    parts: {},
  };
  await using shared = shareStage(options);
  for (const part of options.parts) {
    const warnings = recheckMachine(machine);
    if (warnings.length > 0) run.warnings[part] = warnings;
    console.log(`${secondsSince(startedAt)} ${part} …`);
    try {
      run.parts[part] = await runPart(part, shared, options);
    } catch (error) {
      // What the others measured is worth having; contenders that failed are not used again.
      console.error(error);
      run.failures[part] = String(error);
      process.exitCode = 1;
      await shared.end();
    }
  }
  console.log(`${secondsSince(startedAt)} done\n`);
  for (const line of table(run)) console.log(line);
  await mkdir(new URL('.', RESULTS), { recursive: true });
  await writeFile(RESULTS, `${JSON.stringify(summary(run), null, 2)}\n`);
  console.log(`\nwritten to ${RESULTS.pathname}`);
}

/** Parts that only send jobs share their contenders; one that wants the machine for itself ends that. */
function shareStage(options: BenchOptions): SharedStage & AsyncDisposable {
  let stack = new AsyncDisposableStack();
  let stage: ReturnType<typeof startStage> | undefined;
  const end = async () => {
    const ending = stack;
    stack = new AsyncDisposableStack();
    stage = undefined;
    await ending.disposeAsync();
  };
  return {
    get: () => (stage ??= startStage(stack, options)),
    end,
    [Symbol.asyncDispose]: end,
  };
}

function secondsSince(startedAt: number): string {
  return `${Math.round((Date.now() - startedAt) / 1000)} s`.padStart(7);
}

function refuseWithoutServices({ contenders }: BenchOptions): void {
  const missing = missingServices();
  if (missing.length === 0 || !contenders.includes('broker')) return;
  throw new Error(
    `the broker cannot be measured without ${missing.join(', ')}; run with --contender yardstick`,
  );
}

async function runBench(args: readonly string[]): Promise<void> {
  if (asksForHelp(args)) {
    console.log(USAGE.trimEnd());
    return;
  }
  const given = readOptions(args);
  refuseWithoutServices(given);
  await (given.profile ? profileParts(given) : measure(given));
}

// Child processes end with this one, however it ends.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
try {
  await runBench(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\n\n${USAGE.trimEnd()}`);
  process.exitCode = 2;
}
