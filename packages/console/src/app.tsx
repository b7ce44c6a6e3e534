import { LocationProvider } from 'preact-iso/router';
import { Shell } from './shell.tsx';
import { SignIn } from './session/sign-in.tsx';
import { useSession } from './session/session.ts';

/** Nothing is asked of the broker, and no view is loaded, before a key was given. */
export function App() {
  const { who } = useSession();
  if (who === undefined) return <SignIn />;
  return (
    <LocationProvider scope="/console">
      <Shell who={who} />
    </LocationProvider>
  );
}
