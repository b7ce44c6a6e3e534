import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const VIEWER = new URL('dist/release/', import.meta.resolve('speedscope/package.json'));

/**
 * A page that needs no other file and no network: speedscope's viewer with the profile in it.
 * @param name shown as the title
 * @param profile bytes of a `.cpuprofile`
 */
export async function flameGraphPage(name: string, profile: Uint8Array): Promise<string> {
  const files = await readdir(fileURLToPath(VIEWER));
  const read = async (pattern: RegExp): Promise<string> => {
    const file = files.find((one) => pattern.test(one));
    if (file === undefined)
      throw new Error(`speedscope has no file like ${pattern} in ${VIEWER.href}`);
    return await readFile(new URL(file, VIEWER), 'utf8');
  };
  const script = await read(/^speedscope-\w+\.js$/);
  // Its font would be another file.
  const style = (await read(/^speedscope-\w+\.css$/)).replace(/@font-face\{[^}]*\}/, '');
  const given = JSON.stringify([`${name}.cpuprofile`, Buffer.from(profile).toString('base64')]);
  // The viewer takes a local profile from a script named in the address, and offers that script
  // `window.speedscope` to hand it over. An empty script is named, and the profile handed over here.
  return `<!DOCTYPE html>
<html>
<head><meta charset="UTF-8"><title>${name}</title><style>${style}</style></head>
<body>
<script>
location.hash = '#localProfilePath=dev/null';
Object.defineProperty(window, 'speedscope', { set(viewer) { viewer.loadFileFromBase64(...${given}); } });
</script>
<script>${script}</script>
</body>
</html>
`;
}
