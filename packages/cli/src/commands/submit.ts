import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { NewJob } from '@understudy/client';
import type { Endpoint } from '@understudy/contracts';
import { z } from 'zod';
import { CommandError } from '../command-error.ts';
import type { CommandParent } from '../command-line.ts';
import { EXIT } from '../exit-code.ts';
import { renderJob } from '../output/render-job.ts';
import { promptRequest } from '../prompt-request.ts';
import { readInput } from '../read-input.ts';
import type { Session } from '../session.ts';
import {
  endpointOption,
  readAmount,
  readCount,
  readDuration,
  readNumber,
  readPair,
  readPriority,
  readTimeout,
  waitLimit,
} from './arguments.ts';
import { checkPromptOptions, type PromptOptions } from './prompt-options.ts';
import { showEnd } from './show-end.ts';
import { waitTeller } from './wait-teller.ts';

const EXAMPLES = `
Examples:
  understudy submit -m claude-sonnet-4-0 'Why is the sky blue?' --wait
  git diff | understudy submit -m gpt-5 -s 'Review this change.' --wait
  understudy submit --body request.json --endpoint messages --priority high --json`;

const bodySchema = z.looseObject({ model: z.string() });

interface RequestOptions extends PromptOptions {
  model?: string | undefined;
  file?: string | undefined;
  body?: string | undefined;
  endpoint: Endpoint;
}

export function addSubmit(parent: CommandParent): void {
  parent
    .command('submit')
    .description('Hands a request over to the broker; prints the job, or with --wait its answer')
    .argument('[prompt]', 'what to ask; standard input where neither this nor -f is given')
    .option('-m, --model <name>', 'model, as a route or a provider knows it')
    .option('-f, --file <path>', 'read the prompt from a file; - is standard input')
    .option('--body <path>', "a whole request of the endpoint's vendor, as JSON")
    .option('-s, --system <text>', 'instructions before the prompt')
    .option('--max-tokens <count>', 'longest answer', readCount)
    .option('--temperature <number>', 'as the vendor means it', readNumber)
    .addOption(endpointOption)
    .option('-p, --priority <level>', 'high, normal, low or 0 to 9, 0 first', readPriority)
    .option('--expires-in <duration>', 'give up after so long, such as 10m', readDuration)
    .option('--max-cost <USD>', 'call nobody else once its calls have cost so much', readAmount)
    .option('--metadata <key=value>', 'kept with the job; may be given again', readPair)
    .option('--callback <url>', 'where to send how it ended')
    .option('--key <key>', 'idempotency key: submitting twice under it makes one job')
    .option('-w, --wait', 'wait for the end and print the answer')
    .option('--timeout <duration>', 'with --wait: wait no longer than this', readTimeout)
    .addHelpText('after', EXAMPLES)
    .action(async (prompt, options) => {
      const session = parent.session();
      const { priority, expiresIn, maxCost, metadata, callback, endpoint, key } = options;
      const { wait, timeout } = options;
      if (timeout !== undefined && wait !== true) {
        throw new CommandError('--timeout is how long --wait waits; give both', EXIT.usage);
      }
      const body = await readRequest(session, prompt, options);
      const job: NewJob = {
        endpoint,
        body,
        ...(priority === undefined ? {} : { priority }),
        ...(expiresIn === undefined ? {} : { expires_in: expiresIn }),
        ...(maxCost === undefined ? {} : { max_cost: maxCost }),
        ...(metadata === undefined ? {} : { metadata }),
        ...(callback === undefined ? {} : { callback: { url: callback } }),
      };
      const { output } = session;
      const submitted = await session.client().submit(job, { idempotencyKey: key });
      if (wait === true) {
        output.remark(`${submitted.id} is accepted; waiting for its end …`);
        const ended = await session
          .patientClient()
          .wait(submitted.id, { ...waitLimit(timeout), onLook: waitTeller(session) });
        parent.exitWith(showEnd(ended, output));
        return;
      }
      output.show(submitted, (value, style) =>
        output.isTerminal ? renderJob(value, style) : `${value.id}\n`,
      );
    });
}

/**
 * @throws CommandError when nothing, or more than one thing, says what to ask, and for options that
 *   would not be heeded
 */
async function readRequest(
  session: Session,
  prompt: string | undefined,
  options: RequestOptions,
): Promise<z.infer<typeof bodySchema>> {
  const { model, file, body, system, maxTokens, temperature, endpoint } = options;
  if ([prompt, file, body].filter((one) => one !== undefined).length > 1) {
    throw new CommandError('give one of a prompt, --file and --body', EXIT.usage);
  }
  checkPromptOptions(options, endpoint, body);
  if (body !== undefined)
    return { ...(await readBody(session, body)), ...(model === undefined ? {} : { model }) };
  if (model === undefined) {
    throw new CommandError(
      'name a model with -m; "understudy models" lists those the broker knows',
      EXIT.usage,
    );
  }
  const asked = prompt ?? (await readText(session, file ?? '-'));
  if (asked.trim() === '') throw new CommandError('the prompt is empty', EXIT.usage);
  const request = promptRequest(endpoint, {
    model,
    text: asked,
    ...(system === undefined ? {} : { system }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(temperature === undefined ? {} : { temperature }),
  });
  return bodySchema.parse(request);
}

async function readBody(session: Session, path: string): Promise<z.infer<typeof bodySchema>> {
  let value: unknown;
  try {
    value = JSON.parse(await readText(session, path));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new CommandError(`${path} is not whole JSON`, EXIT.usage);
  }
  const parsed = bodySchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new CommandError(`${path} must hold an object with "model"`, EXIT.usage);
}

async function readText(session: Session, path: string): Promise<string> {
  if (path !== '-') return readFile(path, 'utf8');
  if (session.stdin.isTTY === true) {
    throw new CommandError(
      'say what to ask: as an argument, with --file, or by standard input',
      EXIT.usage,
    );
  }
  return text(readInput(session));
}
