export const PNG = Buffer.from('89504e470d0a1a0a', 'hex');

export const dataUrl = (type: string, content: string | Buffer): string =>
  `data:${type};base64,${Buffer.from(content).toString('base64')}`;

export const chatWith = (part: object): object => ({
  model: 'demo',
  messages: [{ role: 'user', content: [part] }],
});
const inputWith = (part: object): object => ({ model: 'demo', input: [{ role: 'user', content: [part] }] });
const blockWith = (source: object, type = 'document'): object => ({
  model: 'demo',
  max_tokens: 9,
  messages: [{ role: 'user', content: [{ type, source }] }],
});

const PDF = dataUrl('application/pdf', '%PDF-1.7');
/** What nobody can read: a title, an endpoint, a body and the place in it. */
export const OPAQUE: readonly (readonly [string, string, object, string])[] = [
  [
    'an image',
    'chat/completions',
    chatWith({ type: 'image_url', image_url: { url: dataUrl('image/png', PNG) } }),
    '/messages/0/content/0/image_url/url',
  ],
  [
    'an address of an image',
    'chat/completions',
    chatWith({ type: 'image_url', image_url: { url: 'https://example.com/a.png' } }),
    '/messages/0/content/0/image_url/url',
  ],
  [
    'a recording',
    'chat/completions',
    chatWith({ type: 'input_audio', input_audio: { data: PNG.toString('base64'), format: 'wav' } }),
    '/messages/0/content/0/input_audio/data',
  ],
  [
    'a PDF',
    'chat/completions',
    chatWith({ type: 'file', file: { file_data: PDF, filename: 'a.pdf' } }),
    '/messages/0/content/0/file/file_data',
  ],
  [
    'a PDF that calls itself text',
    'chat/completions',
    chatWith({ type: 'file', file: { file_data: dataUrl('text/plain', '%PDF-1.7') } }),
    '/messages/0/content/0/file/file_data',
  ],
  [
    'the id of a file',
    'chat/completions',
    chatWith({ type: 'file', file: { file_id: 'file-1' } }),
    '/messages/0/content/0/file/file_id',
  ],
  [
    'a PDF for a response',
    'responses',
    inputWith({ type: 'input_file', file_data: PDF }),
    '/input/0/content/0/file_data',
  ],
  [
    'the address of a file',
    'responses',
    inputWith({ type: 'input_file', file_url: 'https://example.com/a.txt' }),
    '/input/0/content/0/file_url',
  ],
  [
    'an image of a response',
    'responses',
    inputWith({ type: 'input_image', file_id: 'file-1' }),
    '/input/0/content/0/file_id',
  ],
  [
    'a PDF for Anthropic',
    'messages',
    blockWith({ type: 'base64', media_type: 'application/pdf', data: 'JVBERi0xLjc=' }),
    '/messages/0/content/0/source/data',
  ],
  [
    'an image for Anthropic',
    'messages',
    blockWith({ type: 'base64', media_type: 'image/png', data: PNG.toString('base64') }, 'image'),
    '/messages/0/content/0/source/data',
  ],
  [
    'an address for Anthropic',
    'messages',
    blockWith({ type: 'url', url: 'https://example.com/a.pdf' }),
    '/messages/0/content/0/source/url',
  ],
  [
    'a file for Anthropic',
    'messages',
    blockWith({ type: 'file', file_id: 'file_1' }),
    '/messages/0/content/0/source/file_id',
  ],
];
