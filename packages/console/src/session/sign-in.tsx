import { useState } from 'preact/hooks';
import { ErrorNote } from '../components/error-note.tsx';
import { Mark } from '../components/mark.tsx';
import { signIn, useSession } from './session.ts';

/** Asks for the key, once per tab. */
export function SignIn() {
  const { notice } = useSession();
  const [error, setError] = useState<unknown>();
  const [isBusy, setIsBusy] = useState(false);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (!(event.currentTarget instanceof HTMLFormElement)) return;
    const key = new FormData(event.currentTarget).get('key');
    if (typeof key !== 'string' || key.trim() === '') return;
    setIsBusy(true);
    setError(undefined);
    await signIn(key.trim()).catch(setError);
    setIsBusy(false);
  };
  return (
    <main class="sign-in">
      <div class="sign-in-card">
        <h1>
          <Mark /> Understudy
        </h1>
        <p class="muted">
          The console shows what the key may see. It is kept for this tab alone and forgotten with
          it.
        </p>
        {notice !== undefined && error === undefined && <p class="note">{notice}</p>}
        <form onSubmit={(event) => void submit(event)}>
          <label class="field">
            API key
            <input
              name="key"
              type="password"
              autocomplete="off"
              spellcheck={false}
              required
              autofocus
              placeholder="us_…"
            />
          </label>
          {error !== undefined && <ErrorNote error={error} />}
          <button class="button primary" disabled={isBusy}>
            {isBusy ? 'Asking …' : 'Open the console'}
          </button>
        </form>
        <details>
          <summary>Where is my key?</summary>
          <p>
            <code>npm start</code> prints the first one and keeps it in <code>.data/api-key</code>.
            Further ones are made with{' '}
            <code>understudy keys create --project acme --scope submit,read</code>.
          </p>
        </details>
      </div>
    </main>
  );
}
