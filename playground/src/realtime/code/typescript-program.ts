import { typescriptLiterals, writeLiteral } from '../../code/literal.ts';
import type { Program, ProgramOptions } from '../../code/program.ts';
import { setupOf } from '../../code/program-setup.ts';
import type { RealtimeSettings } from '../settings.ts';
import { type RealtimeProgram, toProgram } from './realtime-program.ts';

/** An ES module for Node 22.18 and later, with the package `ws`. */
export function writeTypescript(settings: RealtimeSettings, { access, endpoint }: ProgramOptions): Program {
  const program = toProgram(settings, endpoint);
  const isKeyless = access === 'keyless';
  return {
    fileName: 'realtime.mts',
    setup: setupOf(access, { install: 'npm install ws', identity: '@azure/identity' }),
    code: [
      ...['Run it with: node realtime.mts "Hello!"', ...program.remarks].map((remark) => `// ${remark}`),
      ...imports(program, isKeyless),
      '',
      ...connection(program, isKeyless),
      ...conversation(program),
      '',
    ].join('\n'),
  };
}

function imports({ file }: RealtimeProgram, isKeyless: boolean): readonly string[] {
  return [
    ...(file === undefined ? [] : ["import { writeFileSync } from 'node:fs';"]),
    ...(isKeyless ? ["import { DefaultAzureCredential } from '@azure/identity';"] : []),
    "import WebSocket from 'ws';",
  ];
}

function connection({ address }: RealtimeProgram, isKeyless: boolean): readonly string[] {
  return [
    ...(isKeyless
      ? [
          "const scope = 'https://cognitiveservices.azure.com/.default';",
          'const { token } = await new DefaultAzureCredential().getToken(scope);',
          "const headers = { authorization: 'Bearer ' + token };",
        ]
      : ["const headers = { 'api-key': process.env['AZURE_OPENAI_API_KEY'] };"]),
    `const socket = new WebSocket(${typescriptLiterals.text(address)}, { headers });`,
    'const send = (event: object) => socket.send(JSON.stringify(event));',
    '',
  ];
}

function conversation({ session, wordEvents, audioEvent, file }: RealtimeProgram): readonly string[] {
  return [
    `const session = ${writeLiteral(session, typescriptLiterals)};`,
    '',
    ...(file === undefined ? [] : ['const speech: Buffer[] = [];', '']),
    "socket.on('message', (message) => {",
    '  const event = JSON.parse(message.toString());',
    '  switch (event.type) {',
    "    case 'session.created':",
    "      send({ type: 'session.update', session });",
    '      break;',
    "    case 'session.updated':",
    "      send({ type: 'conversation.item.create', item: question(process.argv[2] ?? 'Hello!') });",
    "      send({ type: 'response.create' });",
    '      break;',
    ...wordEvents.map((type) => `    case '${type}':`),
    '      process.stdout.write(event.delta);',
    '      break;',
    ...(file === undefined
      ? []
      : [
          `    case '${audioEvent}':`,
          "      speech.push(Buffer.from(event.delta, 'base64'));",
          '      break;',
        ]),
    "    case 'response.done':",
    ...(file === undefined ? [] : [`      writeFileSync('${file}', Buffer.concat(speech));`]),
    "      process.stdout.write('\\n');",
    '      socket.close();',
    '      break;',
    "    case 'error':",
    '      console.error(event.error.message);',
    '      process.exitCode = 1;',
    '      socket.close();',
    '  }',
    '});',
    "socket.on('error', (error) => {",
    '  console.error(error.message);',
    '  process.exitCode = 1;',
    '});',
    '',
    'function question(text: string): object {',
    "  return { type: 'message', role: 'user', content: [{ type: 'input_text', text }] };",
    '}',
  ];
}
