import { Expression, typescriptLiterals, writeLiteral } from '../../code/literal.ts';
import type { Program, ProgramOptions } from '../../code/program.ts';
import { setupOf } from '../../code/program-setup.ts';
import { API_VERSION, toBody } from '../chat-request.ts';
import { isStreamed } from '../chat-settings.ts';
import type { ChatRequest } from '../request-message.ts';
import { answerFile, clipsOf, remarksOf } from './program-files.ts';

/** An ES module for Node 22.18 and later, with the package `openai`. */
export function writeTypescript(request: ChatRequest, options: ProgramOptions): Program {
  const isKeyless = options.access === 'keyless';
  return {
    fileName: 'chat.mts',
    setup: setupOf(options.access, { install: 'npm install openai', identity: '@azure/identity' }),
    code: [
      ...['Run it with: node chat.mts', ...remarksOf(request)].map((remark) => `// ${remark}`),
      ...imports(request, isKeyless),
      '',
      ...client(options),
      '',
      ...(isStreamed(request.settings) ? streamed(request) : whole(request)),
      '',
    ].join('\n'),
  };
}

function imports(request: ChatRequest, isKeyless: boolean): readonly string[] {
  const files = [
    ...(clipsOf(request).length > 0 ? ['readFile'] : []),
    ...(request.settings.isSpoken ? ['writeFile'] : []),
  ];
  return [
    ...(files.length > 0 ? [`import { ${files.join(', ')} } from 'node:fs/promises';`] : []),
    ...(isKeyless
      ? ["import { DefaultAzureCredential, getBearerTokenProvider } from '@azure/identity';"]
      : []),
    "import { AzureOpenAI } from 'openai';",
  ];
}

function client({ access, endpoint }: ProgramOptions): readonly string[] {
  return [
    'const client = new AzureOpenAI({',
    `  endpoint: ${typescriptLiterals.text(endpoint)},`,
    `  apiVersion: '${API_VERSION}',`,
    ...(access === 'keyless'
      ? [
          '  azureADTokenProvider: getBearerTokenProvider(',
          '    new DefaultAzureCredential(),',
          "    'https://cognitiveservices.azure.com/.default',",
          '  ),',
        ]
      : ["  apiKey: process.env['AZURE_OPENAI_API_KEY'],"]),
    '});',
  ];
}

function body(request: ChatRequest): string {
  const written = toBody(request, {
    audio: ({ name }) => new Expression(`await readFile(${typescriptLiterals.text(name)}, 'base64')`),
    namesReplies: false,
  });
  return writeLiteral(written, typescriptLiterals);
}

function whole(request: ChatRequest): readonly string[] {
  const { isSpoken, format } = request.settings;
  return [
    `const completion = await client.chat.completions.create(${body(request)});`,
    '',
    'const message = completion.choices[0]?.message;',
    "console.log(message?.audio?.transcript ?? message?.content ?? '');",
    ...(request.tools.length > 0
      ? ['if (message?.tool_calls) console.log(JSON.stringify(message.tool_calls, null, 2));']
      : []),
    ...(isSpoken
      ? [
          `if (message?.audio) await writeFile('${answerFile(format)}', Buffer.from(message.audio.data, 'base64'));`,
        ]
      : []),
  ];
}

function streamed(request: ChatRequest): readonly string[] {
  const { isSpoken, format } = request.settings;
  return [
    `const stream = await client.chat.completions.create(${body(request)});`,
    '',
    ...(isSpoken ? ['const audio: Buffer[] = [];'] : []),
    'for await (const chunk of stream) {',
    '  const delta = chunk.choices[0]?.delta;',
    "  process.stdout.write(delta?.audio?.transcript ?? delta?.content ?? '');",
    ...(isSpoken ? ["  if (delta?.audio?.data) audio.push(Buffer.from(delta.audio.data, 'base64'));"] : []),
    ...(request.tools.length > 0
      ? ['  if (delta?.tool_calls) console.log(JSON.stringify(delta.tool_calls));']
      : []),
    '}',
    ...(isSpoken ? [`await writeFile('${answerFile(format)}', Buffer.concat(audio));`] : []),
  ];
}
