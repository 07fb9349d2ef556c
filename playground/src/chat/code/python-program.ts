import { Expression, pythonLiterals, writeLiteral } from '../../code/literal.ts';
import type { Program, ProgramOptions } from '../../code/program.ts';
import { setupOf } from '../../code/program-setup.ts';
import { API_VERSION, toBody } from '../chat-request.ts';
import { isStreamed } from '../chat-settings.ts';
import type { ChatRequest } from '../request-message.ts';
import { answerFile, clipsOf, remarksOf } from './program-files.ts';

/** A script for Python 3.9 and later, with the package `openai`. */
export function writePython(request: ChatRequest, options: ProgramOptions): Program {
  const isKeyless = options.access === 'keyless';
  return {
    fileName: 'chat.py',
    setup: setupOf(options.access, { install: 'pip install openai', identity: 'azure-identity' }),
    code: [
      ...['Run it with: python chat.py', ...remarksOf(request)].map((remark) => `# ${remark}`),
      ...imports(request, isKeyless),
      '',
      ...client(options),
      '',
      ...reader(request),
      ...(isStreamed(request.settings) ? streamed(request) : whole(request)),
      '',
    ].join('\n'),
  };
}

function imports(request: ChatRequest, isKeyless: boolean): readonly string[] {
  const needsFiles = request.settings.isSpoken || clipsOf(request).length > 0;
  const standard = [
    ...(needsFiles ? ['import base64'] : []),
    ...(isKeyless ? [] : ['import os']),
    ...(needsFiles ? ['from pathlib import Path'] : []),
  ];
  return [
    ...standard,
    ...(standard.length > 0 ? [''] : []),
    ...(isKeyless ? ['from azure.identity import DefaultAzureCredential, get_bearer_token_provider'] : []),
    'from openai import AzureOpenAI',
  ];
}

function client({ access, endpoint }: ProgramOptions): readonly string[] {
  return [
    'client = AzureOpenAI(',
    `    azure_endpoint=${pythonLiterals.text(endpoint)},`,
    `    api_version="${API_VERSION}",`,
    ...(access === 'keyless'
      ? [
          '    azure_ad_token_provider=get_bearer_token_provider(',
          '        DefaultAzureCredential(), "https://cognitiveservices.azure.com/.default"',
          '    ),',
        ]
      : ['    api_key=os.environ["AZURE_OPENAI_API_KEY"],']),
    ')',
  ];
}

function reader(request: ChatRequest): readonly string[] {
  if (clipsOf(request).length === 0) return [];
  return [
    '',
    'def base64_of(name):',
    '    return base64.b64encode(Path(name).read_bytes()).decode()',
    '',
    '',
  ];
}

function call(request: ChatRequest): string {
  const written = toBody(request, {
    audio: ({ name }) => new Expression(`base64_of(${pythonLiterals.text(name)})`),
    namesReplies: false,
  });
  const fields = Object.entries(written).map(
    ([name, value]) => `    ${name}=${writeLiteral(value, pythonLiterals, 1)},\n`,
  );
  return `client.chat.completions.create(\n${fields.join('')})`;
}

function whole(request: ChatRequest): readonly string[] {
  const { isSpoken, format } = request.settings;
  return [
    `completion = ${call(request)}`,
    '',
    'message = completion.choices[0].message',
    'print(message.audio.transcript if message.audio else message.content or "")',
    ...(request.tools.length > 0
      ? ['for tool_call in message.tool_calls or []:', '    print(tool_call.model_dump_json(indent=2))']
      : []),
    ...(isSpoken
      ? [
          'if message.audio:',
          `    Path("${answerFile(format)}").write_bytes(base64.b64decode(message.audio.data))`,
        ]
      : []),
  ];
}

function streamed(request: ChatRequest): readonly string[] {
  const { isSpoken, format } = request.settings;
  return [
    `stream = ${call(request)}`,
    '',
    ...(isSpoken ? ['speech = bytearray()'] : []),
    'for chunk in stream:',
    '    if not chunk.choices:',
    '        continue',
    '    delta = chunk.choices[0].delta',
    ...(isSpoken
      ? [
          '    audio = delta.to_dict().get("audio") or {}',
          '    print(audio.get("transcript") or delta.content or "", end="", flush=True)',
          '    speech += base64.b64decode(audio.get("data") or "")',
        ]
      : ['    print(delta.content or "", end="", flush=True)']),
    ...(request.tools.length > 0
      ? ['    for tool_call in delta.tool_calls or []:', '        print(tool_call.model_dump_json())']
      : []),
    ...(isSpoken ? [`Path("${answerFile(format)}").write_bytes(speech)`] : []),
  ];
}
