import type { Component } from './read-components.ts';

/** The page that names everybody whose code runs in production. */
export function renderLicenseList(components: readonly Component[]): string {
  const rows = components.map(({ name, version, license }) => `- ${name} ${version}: ${license}`);
  return `# Third-party packages

What runs in production, and under which licence; made by \`pnpm licenses:list\`. Each package brings
the text of its licence along, in \`node_modules\` and in the image. Packages that only some platforms
install are left out here; \`pnpm sbom:write\` writes a bill of materials that has them.

${rows.join('\n')}
`;
}
