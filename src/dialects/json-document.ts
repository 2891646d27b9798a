/** A place in a JSON source: a slot's own text, or a string that holds a JSON document of its own. */
export type Edit = EditPlace & ({ readonly slot: number } | { readonly inner: JsonDocument });

export interface EditPlace {
  readonly start: number;
  readonly end: number;
  /** Where the text stands in the string in another form: that form of another text. */
  readonly encode?: (text: string) => string;
}

/** JSON source with the places that may change, in order and disjoint. */
export interface JsonDocument {
  readonly source: string;
  readonly edits: readonly Edit[];
}

/** A piece of source and what stands there instead; JSON text, not a value. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly json: string;
}

/** The source with each piece replaced. Splices are in order and disjoint; all other bytes stay. */
export function spliced(source: string, splices: readonly Splice[]): string {
  if (splices.length === 0) return source;
  const parts: string[] = [];
  let from = 0;
  for (const { start, end, json } of splices) {
    parts.push(source.slice(from, start), json);
    from = end;
  }
  parts.push(source.slice(from));
  return parts.join('');
}

/** The document with the new text of each slot in its place; `newText` answers undefined for a slot left alone. */
export function rebuilt(document: JsonDocument, newText: (slot: number) => string | undefined): string {
  const splices: Splice[] = [];
  for (const edit of document.edits) {
    const text = 'inner' in edit ? changedInner(edit.inner, newText) : newText(edit.slot);
    if (text === undefined) continue;
    const { start, end, encode } = edit;
    splices.push({ start, end, json: JSON.stringify(encode === undefined ? text : encode(text)) });
  }
  return spliced(document.source, splices);
}

function changedInner(
  inner: JsonDocument,
  newText: (slot: number) => string | undefined,
): string | undefined {
  const text = rebuilt(inner, newText);
  return text === inner.source ? undefined : text;
}
