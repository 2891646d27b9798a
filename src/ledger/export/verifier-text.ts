const OWN_IMPORT = /^import .* from ["']\.\/verify-tree\.js["'];$/m;
const MAP = /^\/\/# sourceMappingURL=.*$/gm;

/**
 * verify.mjs out of the compiled texts of verify-tree and verify-bundle: one file, run by the line at its end. Throws
 * when there is still something in it that is not Node's own.
 */
export function assembleVerifier(tree: string, bundle: string): string {
  const text = `${tree}\n${bundle.replace(OWN_IMPORT, '')}`.replaceAll(MAP, '');
  const foreign = [...text.matchAll(/from\s+["']([^"']+)["']/g)].filter(
    ([, name = '']) => !/^(node:|path$)/.test(name),
  );
  if (foreign.length > 0) throw new Error('verify.mjs needs a file that it will not have');
  return `${text.trimEnd()}\n\nprocess.exitCode = await main(process.argv.slice(2));\n`;
}
