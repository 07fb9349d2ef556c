import { type EngineErrorReason, UpstreamRefusal } from '../../util/errors.ts';

/** An upstream server's answer that is no success. */
export class Refusal extends UpstreamRefusal {
  readonly #param: string | undefined;
  readonly #detail: string;
  readonly #isAboutFeature: boolean;

  constructor(engine: string, answer: RefusedAnswer) {
    const { detail, param, code } = readError(answer.redact(answer.body));
    const isAboutFeature = ABOUT_A_FEATURE.test(`${code} ${detail}`);
    const isUnsupported = isAboutFeature || (param !== undefined && param !== 'messages');
    const reason = reasonOf(answer.status, isUnsupported);
    const { status, retryAfterSeconds } = answer;
    const message = `${answer.address} answered ${status}: ${detail}${remedy(answer)}`;
    super(engine, reason, { message, status, retryAfterSeconds });
    this.#param = param;
    this.#detail = detail;
    this.#isAboutFeature = isAboutFeature;
  }

  /** Whether the server does not take this field at all, rather than the value it has. */
  objectsTo(field: string): boolean {
    if ((this.status !== 400 && this.status !== 422) || !this.#isAboutFeature) return false;
    return this.#param === field || new RegExp(`\\b${field}\\b`).test(this.#detail);
  }
}

export interface RefusedAnswer {
  readonly address: string;
  readonly status: number;
  readonly body: string;
  readonly retryAfterSeconds?: number | undefined;
  /** Takes out what must not be repeated, such as the key. */
  readonly redact: (text: string) => string;
}

const LONGEST_DETAIL = 300;
// Foreign servers name a missing feature only in words: "does not support tools", "extra fields not permitted".
const ABOUT_A_FEATURE =
  /not support|unsupported|(not |in)compatible|not permitted|not allowed|not implemented|unknown (field|parameter|argument)|unrecognized/i;

function reasonOf(status: number, isUnsupported: boolean): EngineErrorReason {
  if (status === 429 || status === 503) return 'busy';
  if (status < 400 || status === 401 || status === 403 || status === 404) return 'unavailable';
  if (status === 501) return 'unsupported';
  return (status === 400 || status === 422) && isUnsupported ? 'unsupported' : 'failed';
}

function remedy({ status }: RefusedAnswer): string {
  if (status === 401 || status === 403) return ' Check the API key.';
  if (status === 404) return ' Check the base URL, which mostly ends in /v1, and the name of the model.';
  return status < 400 ? ' Check the base URL: it leads somewhere else.' : '';
}

/** Servers write `{error: {message, param, code}}`, `{error: "…"}`, `{message}`, `{detail}`, or a web page. */
function readError(body: string): { detail: string; param: string | undefined; code: string } {
  const parsed = parseJson(body);
  const error = field(parsed, 'error') ?? parsed;
  const told = field(error, 'message') ?? field(error, 'detail') ?? error;
  const message = typeof told === 'string' ? told : JSON.stringify(told ?? '');
  const param = field(error, 'param');
  const code = field(error, 'code');
  return {
    detail: shorten(parsed === undefined ? withoutTags(body) : message),
    param: typeof param === 'string' ? param : undefined,
    code: typeof code === 'string' ? code : '',
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  const fields: Readonly<Record<string, unknown>> = { ...value };
  return fields[name] ?? undefined;
}

function withoutTags(page: string): string {
  return page.replace(/<(style|script)[\s\S]*?<\/\1>/gi, ' ').replace(/<[^>]*>/g, ' ');
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim() || 'no explanation';
  if (line.length > LONGEST_DETAIL) return `${line.slice(0, LONGEST_DETAIL)}…`;
  return /[.!?]$/.test(line) ? line : `${line}.`;
}
