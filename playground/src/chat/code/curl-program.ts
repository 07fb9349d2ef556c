import { Expression, hereDocumentLiterals, writeLiteral } from '../../code/literal.ts';
import type { Program, ProgramOptions } from '../../code/program.ts';
import { setupOf } from '../../code/program-setup.ts';
import { API_VERSION, toBody } from '../chat-request.ts';
import { isStreamed } from '../chat-settings.ts';
import type { ChatRequest } from '../request-message.ts';
import { answerFile, remarksOf } from './program-files.ts';

/** A script for any POSIX shell. */
export function writeCurl(request: ChatRequest, options: ProgramOptions): Program {
  const { access, endpoint } = options;
  const { deployment } = request.settings;
  const address = `${endpoint}/openai/deployments/${encodeURIComponent(deployment)}/chat/completions?api-version=${API_VERSION}`;
  const isKeyless = access === 'keyless';
  return {
    fileName: 'chat.sh',
    setup: setupOf(access),
    code: [
      ...['Run it with: sh chat.sh', ...remarksOf(request)].map((remark) => `# ${remark}`),
      'set -e',
      ...(isKeyless ? ['', ...token] : []),
      '',
      `curl -sSN --fail-with-body -o answer.${isStreamed(request.settings) ? 'txt' : 'json'} \\`,
      `  ${quoted(address)} \\`,
      `  -H ${isKeyless ? '"Authorization: Bearer $token"' : '"api-key: $AZURE_OPENAI_API_KEY"'} \\`,
      "  -H 'Content-Type: application/json' \\",
      '  --data-binary @- <<JSON',
      body(request),
      'JSON',
      ...answer(request),
      '',
    ].join('\n'),
  };
}

/** What `DefaultAzureCredential` does in other languages: the managed identity of an App Service. */
const token = [
  'token=$(curl -sSf -G "$IDENTITY_ENDPOINT" -H "X-IDENTITY-HEADER: $IDENTITY_HEADER" \\',
  "  -d api-version=2019-08-01 --data-urlencode 'resource=https://cognitiveservices.azure.com' |",
  '  sed -n \'s/.*"access_token" *: *"\\([^"]*\\)".*/\\1/p\')',
];

function body(request: ChatRequest): string {
  const written = toBody(request, {
    audio: ({ name }) => new Expression(`"$(base64 < '${name}' | tr -d '\\n')"`),
    namesReplies: false,
  });
  return writeLiteral(written, hereDocumentLiterals);
}

/** Base64 is the only text of an answer in which nothing is escaped, so `sed` can read it. */
function answer(request: ChatRequest): readonly string[] {
  const { isSpoken, format } = request.settings;
  if (!isStreamed(request.settings)) {
    return [
      'sed \'s/"data":"[^"]*"/"data":"…"/\' answer.json',
      `sed -n 's/.*"data":"\\([^"]*\\)".*/\\1/p' answer.json | base64 -d > ${answerFile(format)}`,
    ];
  }
  if (!isSpoken) return ['cat answer.txt'];
  return [
    'sed \'s/"data":"[^"]*"/"data":"…"/\' answer.txt',
    'sed -n \'s/.*"data":"\\([^"]*\\)".*/\\1/p\' answer.txt | while read -r piece; do',
    '  printf %s "$piece" | base64 -d',
    `done > ${answerFile(format)}`,
  ];
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
