import type { RecordedCall } from './fake-vendor-call.ts';
import type { Reply } from './fake-vendor-reply.ts';

/** Which calls a script is for; every member given must fit. */
export interface CallPattern {
  method?: string;
  /** Text: how the path ends; query excluded. */
  path?: string | RegExp;
  model?: string | RegExp;
}
/** Text is a pattern of the path alone. */
export type CallMatch = string | RegExp | CallPattern | ((call: RecordedCall) => boolean);

/** One reply for every call; a list: one each, then no more; a function: asked per call. */
export type ScriptedReplies =
  | Reply
  | readonly Reply[]
  | ((call: RecordedCall, matched: number) => Reply | undefined);

/** The replies told so far. The newest script that has something to say wins. */
export class FakeVendorScript {
  #entries: {
    fits: (call: RecordedCall) => boolean;
    next: (call: RecordedCall) => Reply | undefined;
  }[] = [];

  /** @returns a function that takes the script back */
  add(match: CallMatch, replies: ScriptedReplies): () => void {
    const entry = {
      fits: (call: RecordedCall) => callFits(call, match),
      next: replySource(replies),
    };
    this.#entries.unshift(entry);
    return () => {
      this.#entries = this.#entries.filter((other) => other !== entry);
    };
  }

  /** An empty reply, which stands for a good answer, where no script fits. */
  replyTo(call: RecordedCall): Reply {
    for (const entry of this.#entries) {
      const reply = entry.fits(call) ? entry.next(call) : undefined;
      if (reply) return reply;
    }
    return {};
  }

  clear(): void {
    this.#entries = [];
  }
}

function replySource(replies: ScriptedReplies): (call: RecordedCall) => Reply | undefined {
  let matched = 0;
  return (call) => {
    matched += 1;
    if (typeof replies === 'function') return replies(call, matched);
    return isList(replies) ? replies[matched - 1] : replies;
  };
}

/** `Array.isArray` does not narrow readonly arrays. */
function isList(replies: Reply | readonly Reply[]): replies is readonly Reply[] {
  return Array.isArray(replies);
}

export function callFits(call: RecordedCall, match: CallMatch): boolean {
  if (typeof match === 'function') return match(call);
  if (typeof match === 'string' || match instanceof RegExp) return pathFits(call.path, match);
  return (
    (match.method === undefined || match.method === call.method) &&
    (match.path === undefined || pathFits(call.path, match.path)) &&
    (match.model === undefined || modelFits(call.model, match.model))
  );
}

function pathFits(path: string, wanted: string | RegExp): boolean {
  return typeof wanted === 'string' ? path.endsWith(wanted) : wanted.test(path);
}

function modelFits(model: string | undefined, wanted: string | RegExp): boolean {
  return typeof wanted === 'string' ? model === wanted : wanted.test(model ?? '');
}
