import { askWorkspaceId } from './ask-workspace-id.ts';
import { needsWorkspaceId, withGateway, type Workspace } from './workspace-host.ts';

/** How long an unanswered question for the workspace's id is not asked again. */
const ASK_AGAIN_AFTER_MS = 10 * 60 * 1000;

/** A workspace, with the gateway's host as soon as it has been learned. */
export class KnownWorkspace {
  current: Workspace;
  readonly #now: () => number;
  readonly #ask: typeof askWorkspaceId;
  #askedAt: number | undefined;

  /** @param now milliseconds of a monotonic clock */
  constructor(workspace: Workspace, now: () => number, ask = askWorkspaceId) {
    this.current = workspace;
    this.#now = now;
    this.#ask = ask;
  }

  /** Asks the workspace for its id where that is all that is missing. Never throws. */
  async learn(authorization: string, signal: AbortSignal): Promise<void> {
    if (!needsWorkspaceId(this.current) || this.#askedLately()) return;
    this.#askedAt = this.#now();
    const id = await this.#ask(this.current.origin, authorization, signal);
    if (id !== undefined) this.current = withGateway(this.current, id);
  }

  #askedLately(): boolean {
    return this.#askedAt !== undefined && this.#now() - this.#askedAt < ASK_AGAIN_AFTER_MS;
  }
}
