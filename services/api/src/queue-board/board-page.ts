import { readFileSync, readdirSync } from 'node:fs';
import { dirname, extname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the pages and scripts of Bull Board lie. */
const UI_FOLDER = join(
  dirname(fileURLToPath(import.meta.resolve('@bull-board/ui/package.json'))),
  'dist',
);

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
};

/**
 * The page that the board's script draws itself into. Made here rather than of the template that
 * comes with it, which makes code of text, loads fonts from elsewhere and styles from within.
 */
export function boardPage(path: string, uiConfig: object): string {
  const template = readFileSync(join(UI_FOLDER, 'index.ejs'), 'utf8');
  const own = (pattern: RegExp): string =>
    [...template.matchAll(pattern)].map(([tag]) => tag).join('\n');
  // A "<" could end the script that holds it.
  const config = JSON.stringify(uiConfig).replaceAll('<', '\\u003c');
  return `<!DOCTYPE html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<base href="${path}/">
<title>Understudy: queues</title>
<link rel="icon" type="image/svg+xml" id="fav-logo" href="static/images/logo.svg">
${own(/<link href="static\/css\/[\w.]+" rel="stylesheet">/g)}
</head>
<body class="preload">
<script id="__UI_CONFIG__" type="application/json">${config}</script>
<div id="root"></div>
${own(/<script defer src="static\/js\/[\w.-]+"><\/script>/g)}
</body>
</html>
`;
}

export interface BoardFile {
  contentType: string;
  read(): Buffer;
}

/** The board's own files by their path below `static/`: what is not named here is not given out. */
export function boardFiles(): ReadonlyMap<string, BoardFile> {
  const folder = join(UI_FOLDER, 'static');
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return new Map(
    entries
      .filter((entry) => entry.isFile() && CONTENT_TYPES[extname(entry.name)] !== undefined)
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        const file: BoardFile = {
          contentType: CONTENT_TYPES[extname(entry.name)] ?? 'application/octet-stream',
          read: () => readFileSync(path),
        };
        return [relative(folder, path).replaceAll(sep, '/'), file];
      }),
  );
}
