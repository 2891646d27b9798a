/**
 * Globs know one sign: `*` stands for any run of characters, also none. There is no alternation and no backtracking,
 * so the work is bounded by text length × pattern length, both of which are bounded (a regular expression in a policy
 * once blocked an event loop for seconds on 28 characters). Case matters.
 */
export type Glob = (text: string) => boolean;

export function compileGlob(pattern: string): Glob {
  const [head = '', ...rest] = pattern.split('*');
  const tail = rest.pop();
  if (tail === undefined) return (text) => text === head;
  const middle = rest.filter((piece) => piece !== '');
  return (text) => {
    if (text.length < head.length + tail.length || !text.startsWith(head) || !text.endsWith(tail))
      return false;
    const end = text.length - tail.length;
    let from = head.length;
    for (const piece of middle) {
      const at = text.indexOf(piece, from);
      // Taking the leftmost place for each piece is enough: a later one never leaves more room for the rest.
      if (at < 0 || at + piece.length > end) return false;
      from = at + piece.length;
    }
    return true;
  };
}
