/** Who is to hear when something is told of a project. */
export interface Listeners {
  /** Calls back when something is told of the project, until the returned function is called. */
  of(project: string, listener: () => void): () => void;
  ofAll(listener: (project: string) => void): () => void;
  tell(project: string): void;
}

export function createListeners(): Listeners {
  const ofOne = new Map<string, Set<() => void>>();
  const ofAll = new Set<(project: string) => void>();
  return {
    of: (project, listener) => {
      const listeners = ofOne.get(project) ?? new Set();
      ofOne.set(project, listeners.add(listener));
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0 && ofOne.get(project) === listeners) ofOne.delete(project);
      };
    },
    ofAll: (listener) => {
      ofAll.add(listener);
      return () => void ofAll.delete(listener);
    },
    tell: (project) => {
      for (const listener of ofOne.get(project) ?? []) listener();
      for (const listener of ofAll) listener(project);
    },
  };
}
