import { array, type Json, member, type Node, object, type ObjectNode, string, textOf } from './json-tree.ts';
import { checkMembers, itemsOf, untranslatable } from './untranslatable.ts';

const NO_PARAMETERS = '{"type":"object","properties":{}}';
const PLAIN_CHOICES: ReadonlyMap<string, string> = new Map([
  ['none', 'none'],
  ['auto', 'auto'],
  ['required', 'any'],
  ['any', 'any'],
]);
const FUNCTION = new Set(['name', 'description', 'parameters', 'strict']);

/** OpenAI's function tools as Anthropic's; undefined when there are none. */
export function toolsOf(tools: Node | undefined): Json | undefined {
  const items = itemsOf(tools, '/tools');
  if (items.length === 0) return undefined;
  return array(
    items.map((tool, i) => {
      const at = `/tools/${i}`;
      if (textOf(member(tool, 'type')) !== 'function')
        throw untranslatable(`${at}/type`, 'a tool of this type');
      checkMembers(tool, new Set(['type', 'function', 'cache_control']), at);
      const called = member(tool, 'function');
      if (called === undefined) throw untranslatable(`${at}/function`, 'a tool without a function');
      checkMembers(called, FUNCTION, `${at}/function`);
      return object({
        name: member(called, 'name')?.source,
        description: member(called, 'description')?.source,
        input_schema: member(called, 'parameters')?.source ?? NO_PARAMETERS,
        strict: member(called, 'strict')?.source,
        cache_control: member(tool, 'cache_control')?.source,
      });
    }),
  );
}

/** Who may be called. Where there are no tools, nothing needs saying. */
export function toolChoiceOf(request: ObjectNode, hasTools: boolean): Json | undefined {
  const choice = member(request, 'tool_choice');
  const parallel = member(request, 'parallel_tool_calls');
  const one = parallel?.kind === 'boolean' && !parallel.value;
  if (!hasTools) {
    if (choice !== undefined && textOf(choice) !== 'none' && textOf(choice) !== 'auto') {
      throw untranslatable('/tool_choice', 'a choice without tools');
    }
    return undefined;
  }
  const chosen = choiceOf(choice);
  if (chosen === undefined && !one) return undefined;
  const { type, name } = chosen ?? { type: 'auto', name: undefined };
  return object({
    type: string(type),
    name,
    disable_parallel_tool_use: one && type !== 'none' ? 'true' : undefined,
  });
}

function choiceOf(
  choice: Node | undefined,
): { readonly type: string; readonly name: Json | undefined } | undefined {
  if (choice === undefined) return undefined;
  const type = textOf(choice) ?? textOf(member(choice, 'type')) ?? '';
  const plain = PLAIN_CHOICES.get(type);
  if (plain !== undefined) return { type: plain, name: undefined };
  const name = member(member(choice, 'function'), 'name');
  if (type === 'function' && name !== undefined) return { type: 'tool', name: name.source };
  throw untranslatable('/tool_choice', 'this choice of tools');
}
