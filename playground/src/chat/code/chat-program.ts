import type { Access, CodeLanguage, Program, ProgramOptions } from '../../code/program.ts';
import type { ChatRequest } from '../request-message.ts';
import { writeCurl } from './curl-program.ts';
import { writePython } from './python-program.ts';
import { writeTypescript } from './typescript-program.ts';

const writers: Readonly<Record<CodeLanguage, (request: ChatRequest, options: ProgramOptions) => Program>> = {
  typescript: writeTypescript,
  python: writePython,
  curl: writeCurl,
};

/** The request as a program that runs as it is, against the server at `endpoint`. */
export function writeChatProgram(
  request: ChatRequest,
  { language, access, endpoint }: { language: CodeLanguage; access: Access; endpoint: string },
): Program {
  return writers[language](request, { access, endpoint });
}
