import { EmptyState } from './empty-state.tsx';

/** In place of providers, where none is configured. */
export function NoProvider() {
  return (
    <EmptyState title="No provider is configured" command="export OPENAI_API_KEY=… && npm start">
      <p>
        Set a provider's key, or write providers into the configuration file, which{' '}
        <code>--config</code> or <code>UNDERSTUDY_CONFIG</code> names, and start again.
      </p>
    </EmptyState>
  );
}
