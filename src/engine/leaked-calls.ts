/** A tool call that a model wrote into its text. */
export interface LeakedCall {
  readonly name: string;
  /** JSON. */
  readonly arguments: string;
}

/**
 * Reads what small models write between tool-call tags: JSON objects or a list of them (Hermes, Llama,
 * Mistral), `name[ARGS]{…}` (Mistral), or `<function=name><parameter=key>` (Qwen). Nothing when it is none.
 */
export function parseLeakedCalls(body: string): LeakedCall[] {
  const text = body.trim();
  const named = /^([\w.-]+)\s*(?:\[ARGS\])?\s*(\{[\s\S]*\})$/.exec(text);
  if (named?.[1] && parseJson(named[2] ?? '') !== undefined)
    return [{ name: named[1], arguments: named[2] ?? '' }];
  const tagged = [...text.matchAll(/<function=([^>]+)>([\s\S]*?)(?:<\/function>|$)/g)];
  if (tagged.length > 0) return tagged.map((match) => taggedCall(match[1] ?? '', match[2] ?? ''));
  const whole = parseJson(text);
  if (whole !== undefined) return [whole].flat().flatMap(toCall);
  return text.split(/[\n;]/).flatMap((line) => toCall(parseJson(line)));
}

function toCall(value: unknown): LeakedCall[] {
  if (typeof value !== 'object' || value === null) return [];
  const fields: Readonly<Record<string, unknown>> = { ...value };
  if (typeof fields['function'] === 'object') return toCall(fields['function']);
  const name = fields['name'] ?? fields['function'];
  const given = fields['arguments'] ?? fields['parameters'] ?? {};
  if (typeof name !== 'string') return [];
  return [{ name, arguments: typeof given === 'string' ? given : JSON.stringify(given) }];
}

function taggedCall(name: string, body: string): LeakedCall {
  const parameters = [...body.matchAll(/<parameter=([^>]+)>\n?([\s\S]*?)\n?<\/parameter>/g)];
  const values = parameters.map(([, key = '', text = '']) => [key, parseJson(text) ?? text]);
  return { name: name.trim(), arguments: JSON.stringify(Object.fromEntries(values)) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
