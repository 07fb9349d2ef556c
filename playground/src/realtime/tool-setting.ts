/** A function that a model may call, and what the page answers for it. */
export interface ToolSetting {
  readonly name: string;
  readonly description: string;
  /** A JSON schema, as it was typed. */
  readonly parameters: string;
  readonly answer: ToolAnswer;
}

export interface ToolAnswer {
  readonly type: 'canned' | 'javascript';
  /** What is answered as it stands. */
  readonly canned: string;
  /** The body of an asynchronous function of `input`, the arguments of the call. */
  readonly javascript: string;
}

export const NEW_TOOL: ToolSetting = {
  name: 'get_weather',
  description: 'Tells the weather at a place.',
  parameters: JSON.stringify(
    { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    null,
    2,
  ),
  answer: {
    type: 'canned',
    canned: '{"weather":"sunny","degrees":21}',
    javascript: "return { weather: 'sunny', city: input.city };",
  },
};

export type ToolFault = 'name' | 'parameters';

/** What a server would refuse; found here so that it is told beside its field. */
export function toolFault({ name, parameters }: ToolSetting): ToolFault | undefined {
  if (!/^[a-zA-Z0-9_-]{1,64}$/.test(name)) return 'name';
  return parseParameters(parameters) ? undefined : 'parameters';
}

/** @returns undefined when it is no JSON object; nothing typed is a function without arguments */
export function parseParameters(source: string): Readonly<Record<string, unknown>> | undefined {
  if (source.trim() === '') return { type: 'object', properties: {} };
  try {
    const value: unknown = JSON.parse(source);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return value as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}
