import { pythonLiterals, writeLiteral } from '../../code/literal.ts';
import type { Program, ProgramOptions } from '../../code/program.ts';
import { setupOf } from '../../code/program-setup.ts';
import type { RealtimeSettings } from '../settings.ts';
import { type RealtimeProgram, toProgram } from './realtime-program.ts';

/** A script for Python 3.9 and later, with the package `websockets`. */
export function writePython(settings: RealtimeSettings, { access, endpoint }: ProgramOptions): Program {
  const program = toProgram(settings, endpoint);
  const isKeyless = access === 'keyless';
  return {
    fileName: 'realtime.py',
    setup: setupOf(access, { install: 'pip install websockets', identity: 'azure-identity' }),
    code: [
      ...['Run it with: python realtime.py "Hello!"', ...program.remarks].map((remark) => `# ${remark}`),
      ...imports(program, isKeyless),
      '',
      ...headers(isKeyless),
      `SESSION = ${writeLiteral(program.session, pythonLiterals)}`,
      '',
      ...conversation(program),
      '',
    ].join('\n'),
  };
}

function imports({ file }: RealtimeProgram, isKeyless: boolean): readonly string[] {
  return [
    ...(file === undefined ? [] : ['import base64']),
    'import json',
    ...(isKeyless ? [] : ['import os']),
    'import sys',
    ...(file === undefined ? [] : ['from pathlib import Path']),
    '',
    ...(isKeyless ? ['from azure.identity import DefaultAzureCredential'] : []),
    'from websockets.sync.client import connect',
  ];
}

function headers(isKeyless: boolean): readonly string[] {
  if (!isKeyless) return ['HEADERS = {"api-key": os.environ["AZURE_OPENAI_API_KEY"]}'];
  return [
    'TOKEN = DefaultAzureCredential().get_token("https://cognitiveservices.azure.com/.default").token',
    'HEADERS = {"Authorization": f"Bearer {TOKEN}"}',
  ];
}

function conversation({ address, wordEvents, audioEvent, file }: RealtimeProgram): readonly string[] {
  const words = wordEvents.map((type) => `"${type}"`).join(', ');
  return [
    'text = sys.argv[1] if len(sys.argv) > 1 else "Hello!"',
    'question = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}',
    ...(file === undefined ? [] : ['speech = bytearray()']),
    '',
    `with connect(${pythonLiterals.text(address)}, additional_headers=HEADERS, max_size=None) as socket:`,
    '    for message in socket:',
    '        event = json.loads(message)',
    '        if event["type"] == "session.created":',
    '            socket.send(json.dumps({"type": "session.update", "session": SESSION}))',
    '        elif event["type"] == "session.updated":',
    '            socket.send(json.dumps({"type": "conversation.item.create", "item": question}))',
    '            socket.send(json.dumps({"type": "response.create"}))',
    `        elif event["type"] in (${words}):`,
    '            print(event["delta"], end="", flush=True)',
    ...(file === undefined
      ? []
      : [
          `        elif event["type"] == "${audioEvent}":`,
          '            speech += base64.b64decode(event["delta"])',
        ]),
    '        elif event["type"] == "response.done":',
    '            print()',
    '            break',
    '        elif event["type"] == "error":',
    '            sys.exit(event["error"]["message"])',
    ...(file === undefined ? [] : ['', `Path("${file}").write_bytes(speech)`]),
  ];
}
