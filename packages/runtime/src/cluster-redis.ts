import { Cluster, Pipeline } from 'ioredis';
import type { Command } from 'ioredis';

type Reply = [error: Error | null, reply: unknown];

/** A connection to all servers of a cluster whose pipelines may span them. */
export class ClusterRedis extends Cluster {
  override pipeline(commands: unknown[][] = []): SpanningPipeline {
    return new SpanningPipeline(this).addBatch(commands);
  }
}

/**
 * A pipeline in which every command finds its own server and follows a moved slot by itself, where
 * that of ioredis wants all on one server and gives up when some of its slots have moved. The
 * commands still go out together, in one round trip. One without a key (PUBLISH) goes after the
 * replies to those before it: whoever hears of a change must find it made.
 */
class SpanningPipeline extends Pipeline {
  readonly #cluster: Cluster;
  readonly #commands: Command[] = [];

  constructor(cluster: Cluster) {
    super(cluster);
    this.#cluster = cluster;
  }

  override sendCommand(command: Command): this {
    this.#commands.push(command);
    return this;
  }

  override async exec(): Promise<Reply[]> {
    const replies: Promise<Reply>[] = [];
    for (const command of this.#commands.splice(0)) {
      if (command.getKeys().length === 0) await Promise.all(replies);
      void this.#cluster.sendCommand(command);
      replies.push(
        command.promise.then(
          (reply: unknown) => [null, reply],
          (error: Error) => [error, undefined],
        ),
      );
    }
    return Promise.all(replies);
  }
}
