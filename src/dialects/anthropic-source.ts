import { matching, type ObjectShape, oneOf, type Shape, type TaggedShape } from './shape.ts';

const TEXT_TYPES = [
  ...['text/plain', 'text/csv', 'text/html', 'text/markdown', 'text/xml', 'text/yaml', 'text/x-yaml'],
  ...['application/json', 'application/xml', 'application/yaml', 'application/csv'],
];
const BINARY_TYPES = [
  ...['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'application/pdf', 'application/zip'],
  ...['application/msword', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  ...['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'application/octet-stream'],
];

const ATTACHMENT: Shape = { string: 'attachment' };
const SOURCE_TYPE: Shape = { string: oneOf('text', 'content', 'base64', 'url', 'file') };

/** Where a document or an image comes from. A file is read where it is text; everything else is an attachment. */
export function createSource(content: Shape): Shape {
  const kind = (keys: Readonly<Record<string, Shape>>, required: readonly string[]): ObjectShape => ({
    keys: new Map(Object.entries({ type: SOURCE_TYPE, ...keys })),
    required,
  });
  const media: Shape = { string: matching(/^[\w.+-]{1,64}\/[\w.+-]{1,64}$/), null: true };
  const binary = kind({ media_type: media, data: ATTACHMENT }, ['data']);
  const text = kind({ media_type: media, data: { string: 'file' } }, ['data']);
  const kinds: Readonly<Record<string, ObjectShape | TaggedShape>> = {
    text: kind({ media_type: { string: oneOf('text/plain') }, data: { string: 'prose' } }, ['data']),
    content: kind({ content }, ['content']),
    base64: {
      tag: 'media_type',
      kinds: new Map<string, ObjectShape>([
        ...TEXT_TYPES.map((type) => [type, text] as const),
        ...BINARY_TYPES.map((type) => [type, binary] as const),
      ]),
      untagged: binary,
    },
    url: kind({ url: ATTACHMENT }, ['url']),
    file: kind({ file_id: ATTACHMENT }, ['file_id']),
  };
  return { object: { tag: 'type', kinds: new Map(Object.entries(kinds)) } };
}
