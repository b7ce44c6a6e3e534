import { Option } from '@commander-js/extra-typings';
import { parseDuration } from '@understudy/configuration';
import type { Endpoint } from '@understudy/contracts';
import { BatchRun } from '../batch/batch-run.ts';
import { cancelHint } from '../batch/batch-hints.ts';
import { INPUT_FORMATS, type InputFormat } from '../batch/input-format.ts';
import { createPatience } from '../batch/patience.ts';
import { detectFileFormat } from '../batch/read-entries.ts';
import { removeLeftovers } from '../batch/run-folder.ts';
import { readState, statePath } from '../batch/run-state.ts';
import { planRun } from '../batch/plan-run.ts';
import { CommandError } from '../command-error.ts';
import type { CommandParent } from '../command-line.ts';
import { EXIT } from '../exit-code.ts';
import { fileErrorWords } from '../file-error.ts';
import { asksToWait, isMissing, mayPass, retryAfterMs } from '../failure.ts';
import type { Session } from '../session.ts';
import { checkAnswersFile, hasAnswers } from './answers-file.ts';
import {
  endpointOption,
  readAmount,
  readCount,
  readNumber,
  readPair,
  readPriority,
  readTimeout,
  readWindow,
} from './arguments.ts';
import { openBatchDoor } from './batch-door.ts';
import { openInput, type OpenInput } from './open-input.ts';
import { checkFileOptions, checkPromptOptions, type PromptOptions } from './prompt-options.ts';
import { createRunObserver } from './run-observer.ts';
import { showComplete, showRun } from './show-run.ts';

const EXAMPLES = `
The prompts are JSON lines in OpenAI's or Anthropic's batch format, JSON lines with "prompt" (and
"model", "system", "max_tokens", "temperature", "custom_id", "metadata"), CSV or TSV, or with
--format text a prompt on each line. Whatever the format, the answers come in the order of the
prompts, one line for each. Lines of a vendor's format are sent as they are: of the options about
prompts they take -m alone, where they name no model.

Run the same command again after Ctrl-C, a crash or a power cut: it goes on where it was, and sends
nothing twice. After one with --fresh leave that out, as it begins anew each time.

Examples:
  understudy batch run prompts.jsonl -o answers.jsonl -m gpt-5
  understudy batch run texts.csv -o out.jsonl -m gpt-5 --template 'Translate {{text}} into {{language}}'
  understudy batch run prompts.jsonl -o answers.jsonl -m gpt-5 --retry-failed`;

export function addBatchRun(parent: CommandParent): void {
  parent
    .command('run')
    .description('Sends a file of prompts and writes a file of answers')
    .argument('<prompts>', 'file to read; - is standard input')
    .requiredOption('-o, --output <answers>', 'file to write, beside it <answers>.state.json')
    .addOption(
      new Option(
        '--format <format>',
        'of the prompts; told by their first line unless given',
      ).choices(INPUT_FORMATS),
    )
    .option('-m, --model <name>', 'of lines that name none')
    .option('-s, --system <text>', 'instructions of lines that have none')
    .option('--max-tokens <count>', 'longest answer', readCount)
    .option('--temperature <number>', 'as the vendor means it', readNumber)
    .addOption(endpointOption)
    .option('--template <text>', 'how a row of a table becomes a prompt: text with {{columns}}')
    .option(
      '-p, --priority <level>',
      'high, normal, low or 0 to 9; that of batches is low',
      readPriority,
    )
    .option('--metadata <key=value>', 'kept with the batch; may be given again', readPair)
    .option(
      '--expires-in <duration>',
      'give up on lines without an answer after this, 1h to 7d',
      readWindow,
    )
    .option('--max-cost <USD>', 'begin no further line once the batch has cost so much', readAmount)
    .option('--with-prompt', 'repeat the prompt beside its answer')
    .option('--partial', 'write answers as they come, until the ordered file replaces them')
    .addOption(
      new Option(
        '--retry-failed',
        'send the lines of the last run that failed again, and merge their answers',
      ).conflicts('fresh'),
    )
    .option('--fresh', 'begin anew, whatever was sent before')
    .option('--overwrite', 'replace a file of answers that no run is known to have written')
    .option('--timeout <duration>', 'stop waiting after this; the batch goes on', readTimeout)
    .addHelpText('after', EXAMPLES)
    .action(async (prompts, options, command) => {
      checkPromptOptions(options, options.endpoint);
      const session = parent.session();
      const answersPath = await checkAnswersFile(options.output, prompts);
      await removeLeftovers(session.now());
      await using input = await openInput(session, prompts);
      const format = options.format ?? (await detectFileFormat(input.path, input.name));
      const isDefault = command.getOptionValueSource('endpoint') === 'default';
      checkFileOptions({ ...options, endpoint: isDefault ? undefined : options.endpoint }, format);
      parent.exitWith(await runBatch(session, { input, format, answersPath }, options));
    });
}

interface RunOptions extends PromptOptions {
  output: string;
  model?: string | undefined;
  endpoint: Endpoint;
  template?: string | undefined;
  priority?: string | number | undefined;
  metadata?: Record<string, string> | undefined;
  expiresIn?: string | undefined;
  maxCost?: number | undefined;
  withPrompt?: boolean | undefined;
  partial?: boolean | undefined;
  retryFailed?: boolean | undefined;
  fresh?: boolean | undefined;
  overwrite?: boolean | undefined;
  timeout?: string | undefined;
}

interface RunFiles {
  input: OpenInput;
  format: InputFormat;
  /** Absolute. */
  answersPath: string;
}

/** @returns what the command ends with */
async function runBatch(
  session: Session,
  { input, format, answersPath }: RunFiles,
  options: RunOptions,
): Promise<number> {
  const { output, project } = session;
  const { model, system, maxTokens, temperature, endpoint, template, priority, metadata } = options;
  // With --fresh again it would send everything once more.
  const leavingOut = options.fresh === true ? ' without --fresh' : '';
  const again = `the same command${leavingOut}`;
  const goOn = `run it again${leavingOut} to go on`;
  const signal = withTimeout(session.signal, options.timeout, goOn);
  const observer = createRunObserver(output);
  await using run = await BatchRun.open({
    input: {
      path: input.path,
      format,
      defaults: {
        endpoint,
        ...(model === undefined ? {} : { model }),
        ...(system === undefined ? {} : { system }),
        ...(maxTokens === undefined ? {} : { maxTokens }),
        ...(temperature === undefined ? {} : { temperature }),
        ...(template === undefined ? {} : { template }),
      },
    },
    answersPath,
    answers: { format, withPrompt: options.withPrompt ?? false },
    batch: {
      ...(priority === undefined ? {} : { priority }),
      ...(options.expiresIn === undefined ? {} : { expiresIn: options.expiresIn }),
      ...(metadata === undefined ? {} : { metadata }),
      ...(options.maxCost === undefined ? {} : { maxCost: options.maxCost }),
    },
    partial: options.partial ?? false,
    door: openBatchDoor(session.singleTryClient()),
    patience: createPatience({ mayPass, asksToWait, retryAfterMs, say: output.note, signal }),
    isMissing,
    brokerUrl: session.url,
    project,
    again,
    observer,
    signal,
  });
  const upload = await run.prepare();
  const plan = planRun({
    sha256: upload.sha256,
    lines: upload.customIds.length,
    earlier: await readState(statePath(answersPath)),
    hasAnswers: await hasAnswers(answersPath),
    retryFailed: options.retryFailed ?? false,
    fresh: options.fresh ?? false,
    overwrite: options.overwrite ?? false,
    project,
  });
  if (plan.kind === 'refused') throw new CommandError(plan.reason, EXIT.usage);
  if (plan.kind === 'complete') {
    return showComplete(plan.failed, options.output, output);
  }
  if (plan.warning !== undefined) output.note(plan.warning);
  try {
    const finished = await run.finish(upload, plan.state);
    observer.close();
    return showRun(finished, options.output, output);
  } catch (error) {
    observer.close();
    const { batch, ended } = plan.state.rounds.at(-1) ?? {};
    const isLeft = signal.aborted || fileErrorWords(error) !== undefined;
    if (isLeft && batch !== undefined) {
      output.note(
        ended === undefined
          ? `${batch} goes on. The same command${leavingOut} picks it up; ${cancelHint(batch, project)}`
          : `${batch} has ended. The same command${leavingOut} fetches its answers.`,
      );
    }
    throw error;
  }
}

/** The reason by which the run ends is a sentence for whoever waits, with how to go on. */
function withTimeout(signal: AbortSignal, timeout: string | undefined, goOn: string): AbortSignal {
  if (timeout === undefined) return signal;
  const over = new AbortController();
  const timer = setTimeout(() => {
    over.abort(new CommandError(`not done after ${timeout}; ${goOn}`, EXIT.failed));
  }, parseDuration(timeout));
  timer.unref();
  return AbortSignal.any([signal, over.signal]);
}
