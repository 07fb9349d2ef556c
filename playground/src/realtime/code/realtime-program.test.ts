import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS, type RealtimeSettings } from '../settings.ts';
import { writePython } from './python-program.ts';
import { writeTypescript } from './typescript-program.ts';

const SETTINGS: RealtimeSettings = {
  ...DEFAULT_SETTINGS,
  deployment: 'gpt-realtime',
  turnDetection: { ...DEFAULT_SETTINGS.turnDetection, type: 'none' },
};

const TYPESCRIPT = [
  '// Run it with: node realtime.mts "Hello!"',
  "import { DefaultAzureCredential } from '@azure/identity';",
  "import WebSocket from 'ws';",
  '',
  "const scope = 'https://cognitiveservices.azure.com/.default';",
  'const { token } = await new DefaultAzureCredential().getToken(scope);',
  "const headers = { authorization: 'Bearer ' + token };",
  "const socket = new WebSocket('ws://127.0.0.1:8080/openai/realtime?api-version=2024-10-01-preview&deployment=gpt-realtime', { headers });",
  'const send = (event: object) => socket.send(JSON.stringify(event));',
  '',
  'const session = {',
  "  modalities: ['text'],",
  "  input_audio_format: 'pcm16',",
  "  output_audio_format: 'pcm16',",
  "  input_audio_transcription: { model: 'whisper-1' },",
  '  input_audio_noise_reduction: null,',
  '  turn_detection: null,',
  '  tools: [],',
  "  tool_choice: 'auto',",
  "  max_response_output_tokens: 'inf',",
  '};',
  '',
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
  "    case 'response.text.delta':",
  "    case 'response.audio_transcript.delta':",
  '      process.stdout.write(event.delta);',
  '      break;',
  "    case 'response.done':",
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
  '',
];

const PYTHON = [
  '# Run it with: python realtime.py "Hello!"',
  '# To listen: ffplay -f s16le -ar 24000 -ch_layout mono answer.pcm',
  'import base64',
  'import json',
  'import os',
  'import sys',
  'from pathlib import Path',
  '',
  'from websockets.sync.client import connect',
  '',
  'HEADERS = {"api-key": os.environ["AZURE_OPENAI_API_KEY"]}',
  'SESSION = {',
  '    "type": "realtime",',
  '    "output_modalities": ["audio"],',
  '    "audio": {',
  '        "input": {',
  '            "format": {"type": "audio/pcm", "rate": 24000},',
  '            "transcription": {"model": "whisper-1"},',
  '            "noise_reduction": None,',
  '            "turn_detection": None,',
  '        },',
  '        "output": {"format": {"type": "audio/pcm", "rate": 24000}, "speed": 1},',
  '    },',
  '    "tools": [],',
  '    "tool_choice": "auto",',
  '    "max_output_tokens": "inf",',
  '}',
  '',
  'text = sys.argv[1] if len(sys.argv) > 1 else "Hello!"',
  'question = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}',
  'speech = bytearray()',
  '',
  'with connect("wss://voice.example/openai/v1/realtime?model=gpt-realtime", additional_headers=HEADERS, max_size=None) as socket:',
  '    for message in socket:',
  '        event = json.loads(message)',
  '        if event["type"] == "session.created":',
  '            socket.send(json.dumps({"type": "session.update", "session": SESSION}))',
  '        elif event["type"] == "session.updated":',
  '            socket.send(json.dumps({"type": "conversation.item.create", "item": question}))',
  '            socket.send(json.dumps({"type": "response.create"}))',
  '        elif event["type"] in ("response.output_text.delta", "response.output_audio_transcript.delta"):',
  '            print(event["delta"], end="", flush=True)',
  '        elif event["type"] == "response.output_audio.delta":',
  '            speech += base64.b64decode(event["delta"])',
  '        elif event["type"] == "response.done":',
  '            print()',
  '            break',
  '        elif event["type"] == "error":',
  '            sys.exit(event["error"]["message"])',
  '',
  'Path("answer.pcm").write_bytes(speech)',
  '',
];

test('TypeScript for preview and text, without a key', () => {
  const settings = { ...SETTINGS, address: 'preview', modality: 'text' } as const;
  const program = writeTypescript(settings, { access: 'keyless', endpoint: 'http://127.0.0.1:8080' });
  expect(program.fileName).toBe('realtime.mts');
  expect(program.setup).toBe('npm install ws @azure/identity\neval "$(npx samtal env)"');
  expect(program.code.split('\n')).toEqual(TYPESCRIPT);
});

test('Python for GA and speech, with a key', () => {
  const program = writePython(SETTINGS, { access: 'key', endpoint: 'https://voice.example' });
  expect(program.fileName).toBe('realtime.py');
  expect(program.setup).toBe('pip install websockets\neval "$(npx samtal env --key)"');
  expect(program.code.split('\n')).toEqual(PYTHON);
});

test('neither holds a credential, and both name what the answer is saved as', () => {
  for (const write of [writeTypescript, writePython]) {
    const settings = { ...SETTINGS, outputFormat: 'g711_alaw' } as const;
    const { code } = write(settings, { access: 'key', endpoint: 'http://127.0.0.1:8080' });
    expect(code).toContain('ffplay -f alaw -ar 8000 -ch_layout mono answer.alaw');
    expect(code).toContain('AZURE_OPENAI_API_KEY');
  }
});
