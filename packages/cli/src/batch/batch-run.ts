import { join } from 'node:path';
import { CommandError } from '../command-error.ts';
import { EXIT } from '../exit-code.ts';
import { afterEnd } from './after-end.ts';
import type { AnswerOptions } from './answer-line.ts';
import type { BatchDoor } from './batch-door.ts';
import { problemTexts } from './batch-problems.ts';
import type { BatchView } from './batch-view.ts';
import type { Entry } from './entry.ts';
import { fetchResults } from './fetch-results.ts';
import { followBatch } from './follow-batch.ts';
import { createPartialAnswers, type PartialAnswers } from './partial-answers.ts';
import type { Patience } from './patience.ts';
import { readEntries, type InputFile } from './read-entries.ts';
import { ResultLines } from './result-lines.ts';
import { openRunFolder, type RunFolder } from './run-folder.ts';
import { runKey, type BatchOptions } from './run-key.ts';
import { statePath, writeState, type Round, type RunState } from './run-state.ts';
import { writeAnswers, type WrittenAnswers } from './write-answers.ts';
import { writeUpload, type Upload } from './write-upload.ts';

/** What a run is told of while it goes on. */
export interface RunObserver {
  /** The batch is known; `resumed` where an earlier run had sent it. */
  onBatch(batch: BatchView, resumed: boolean): void;
  onProgress(batch: BatchView): void;
}

export interface BatchRunOptions {
  /** A file that nobody changes meanwhile: it is read for each round, and beside the answers. */
  input: InputFile;
  answersPath: string;
  answers: AnswerOptions;
  batch: BatchOptions;
  partial: boolean;
  door: BatchDoor;
  patience: Patience;
  /** Whether a failure says that there is no such batch. */
  isMissing(error: unknown): boolean;
  /** Where the door leads, as an error names it. */
  brokerUrl: string;
  /** That it names to the broker; undefined where it acts in the key's own. */
  project: string | undefined;
  /** The command that picks this run up, in words. */
  again: string;
  observer: RunObserver;
  signal: AbortSignal;
}

export interface FinishedRun extends WrittenAnswers {
  /** Of every round, in order. */
  batches: BatchView[];
  /** What was wrong with the last of them, as texts for people, with lines of the input. */
  problems: string[];
}

/** Carries a run on from wherever it stands, to its end. */
export class BatchRun implements AsyncDisposable {
  readonly #options: BatchRunOptions;
  readonly #folder: RunFolder;

  private constructor(options: BatchRunOptions, folder: RunFolder) {
    this.#options = options;
    this.#folder = folder;
  }

  static async open(options: BatchRunOptions): Promise<BatchRun> {
    return new BatchRun(options, await openRunFolder());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#folder[Symbol.asyncDispose]();
  }

  /** Reads the whole input once. @throws CommandError for an input that cannot be sent */
  prepare(): Promise<Upload> {
    return writeUpload(readEntries(this.#options.input), join(this.#folder.path, 'all.jsonl'));
  }

  /**
   * Sends what was not sent, waits for what was, and writes the answers. Safe to repeat at any
   * point: every step before the last finds what it made before. Rounds that have ended are fetched
   * again, too: the answers on disk are not the results that they were made of.
   * @throws CommandError where a batch that was sent is not there: nothing is sent in its place; and
   *   where the first round was not accepted
   */
  async finish(all: Upload, state: RunState): Promise<FinishedRun> {
    const { input, answersPath, answers, again } = this.#options;
    await using results = new ResultLines();
    const batches: BatchView[] = [];
    let problems: string[] = [];
    for (const [index, round] of state.rounds.entries()) {
      const upload = () => (index === 0 ? Promise.resolve(all) : this.#uploadOf(results, index));
      const batch = await this.#finishRound(state, index, upload);
      await afterEnd(batch.id, again, () => this.#noteEnd(state, round, batch));
      problems = await problemsOf(batch, upload);
      // What earlier rounds answered is paid for: a later one that was rejected leaves its lines open.
      if (index === 0 && isRejected(batch)) throw rejected(batch, problems);
      batches.push(batch);
      await afterEnd(batch.id, again, async () => {
        for (const path of await this.#fetch(batch)) await results.add(path);
      });
    }
    const lastId = batches.at(-1)?.id ?? '';
    const written = await afterEnd(lastId, again, async () => {
      const finished = await writeAnswers(readEntries(input), results, answersPath, answers);
      const last = state.rounds.at(-1);
      if (last !== undefined) last.failed = finished.failed;
      await this.#save(state);
      return finished;
    });
    return { ...written, batches, problems };
  }

  async #finishRound(
    state: RunState,
    index: number,
    upload: () => Promise<Upload>,
  ): Promise<BatchView> {
    const round = roundAt(state, index);
    const { door, patience, observer, signal } = this.#options;
    const known = await this.#findBatch(round);
    const { batch, replayed } =
      known === undefined
        ? await this.#send(state, index, await upload())
        : { batch: known, replayed: true };
    observer.onBatch(batch, replayed);
    const partial = index === 0 ? await this.#openPartial(round) : undefined;
    return followBatch(batch.id, door, patience, signal, async (now) => {
      if (round.ended === undefined) observer.onProgress(now);
      await partial?.take(now);
    });
  }

  /** Before its answers are fetched and written, which may fail: another run is not to say that it goes on. */
  async #noteEnd(state: RunState, round: Round, { status }: BatchView): Promise<void> {
    if (round.ended === status) return;
    round.ended = status;
    await this.#save(state);
  }

  /**
   * Undefined where the round was not sent.
   * @throws CommandError for a batch that the broker does not know: sent again, it is paid for again
   */
  async #findBatch({ batch: id }: Round): Promise<BatchView | undefined> {
    if (id === undefined) return undefined;
    const { door, patience, isMissing, signal } = this.#options;
    try {
      return await patience(() => door.get(id, signal));
    } catch (error) {
      throw isMissing(error) ? unknownBatch(id, this.#options, error) : error;
    }
  }

  async #send(state: RunState, index: number, upload: Upload): ReturnType<BatchDoor['create']> {
    const { door, patience, batch: options, answersPath, signal } = this.#options;
    const round = roundAt(state, index);
    round.lines = upload.customIds.length;
    round.key = runKey(
      { sha256: upload.sha256, answersPath, generation: state.generation, options },
      index,
    );
    await this.#save(state);
    const fileId = await patience(() => door.upload(upload.path, `${round.key}-file`, signal));
    const { endpoint } = upload;
    const input = { fileId, endpoint, options };
    const sent = await patience(() => door.create(input, round.key, signal));
    round.batch = sent.batch.id;
    await this.#save(state);
    return sent;
  }

  /** The lines that have no answer from any round before. */
  #uploadOf(results: ResultLines, index: number): Promise<Upload> {
    const open = withoutAnswer(readEntries(this.#options.input), results);
    return writeUpload(open, join(this.#folder.path, `round-${index}.jsonl`));
  }

  #fetch(batch: BatchView): Promise<string[]> {
    const { door, patience, signal } = this.#options;
    return fetchResults(batch, this.#folder.path, door, patience, signal);
  }

  async #openPartial(round: Round): Promise<PartialAnswers | undefined> {
    const { partial, answersPath, answers, door, patience, signal } = this.#options;
    if (!partial || round.ended !== undefined) return undefined;
    return createPartialAnswers(answersPath, door, patience, answers, signal);
  }

  #save(state: RunState): Promise<void> {
    return writeState(statePath(this.#options.answersPath), state);
  }
}

function roundAt({ rounds }: RunState, index: number): Round {
  const round = rounds[index];
  if (round === undefined) throw new RangeError(`the run has no round ${index}`);
  return round;
}

async function* withoutAnswer(
  entries: AsyncIterable<Entry>,
  results: ResultLines,
): AsyncGenerator<Entry> {
  for await (const entry of entries) if (!results.hasSucceeded(entry.customId)) yield entry;
}

function unknownBatch(
  id: string,
  { brokerUrl, project }: Pick<BatchRunOptions, 'brokerUrl' | 'project'>,
  cause: unknown,
): CommandError {
  const where = project === undefined ? "this key's project" : `the project ${project}`;
  return new CommandError(
    `this run sent ${id}, and the broker at ${brokerUrl} knows no such batch of ${where}; ` +
      'check that --project or UNDERSTUDY_PROJECT is as it was then, and UNDERSTUDY_URL and UNDERSTUDY_API_KEY. ' +
      'If it is no longer kept, --fresh sends everything again',
    EXIT.notFound,
    { cause },
  );
}

/** A batch whose input was removed has failed, too; what was answered before is there, and paid for. */
function isRejected({
  status,
  request_counts: counts,
  output_file_id: output,
}: BatchView): boolean {
  const ended = counts === undefined ? 0 : counts.completed + counts.failed;
  return status === 'failed' && output === undefined && ended === 0;
}

/** A later round was sent a part of the input, whose lines have other numbers there. */
async function problemsOf(batch: BatchView, upload: () => Promise<Upload>): Promise<string[]> {
  const namesLines = batch.errors?.data.some(({ line }) => typeof line === 'number') ?? false;
  return problemTexts(batch, namesLines ? (await upload()).lines : []);
}

function rejected({ id }: BatchView, problems: readonly string[]): CommandError {
  return new CommandError(
    [
      `the broker did not accept the lines of ${id}:`,
      ...problems.map((problem) => `  ${problem}`),
      'once that is mended, --fresh sends them again',
    ].join('\n'),
    EXIT.usage,
  );
}
