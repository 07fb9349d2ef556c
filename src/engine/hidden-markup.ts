import { firstMarker, heldBack } from './held-back.ts';
import { type LeakedCall, parseLeakedCalls } from './leaked-calls.ts';

/** What a model's text is made of once its markup is read. */
export type TextPiece =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'call'; readonly call: LeakedCall };

interface Hidden {
  readonly kind: 'thought' | 'call' | 'header';
  readonly closers: readonly string[];
  /** The tool that the markup before this names. */
  readonly tool?: string;
}

const HARMONY_ENDS = ['<|end|>', '<|return|>', '<|call|>', '<|start|>', '<|channel|>'];
const HEADER: Hidden = { kind: 'header', closers: ['<|message|>', ...HARMONY_ENDS] };

/** What begins something that is not to be read out, and how it ends. An opener also ends what it is listed for. */
const OPENERS: Readonly<Record<string, Hidden>> = {
  '<think>': { kind: 'thought', closers: ['</think>'] },
  '<thinking>': { kind: 'thought', closers: ['</thinking>'] },
  '<thought>': { kind: 'thought', closers: ['</thought>'] },
  '<reasoning>': { kind: 'thought', closers: ['</reasoning>'] },
  '<seed:think>': { kind: 'thought', closers: ['</seed:think>'] },
  '[THINK]': { kind: 'thought', closers: ['[/THINK]'] },
  '<|START_THINKING|>': { kind: 'thought', closers: ['<|END_THINKING|>'] },
  // OpenAI's harmony format, as gpt-oss writes it: <|start|>role<|channel|>name to=tool<|message|>…<|end|>
  '<|start|>': HEADER,
  '<|channel|>': HEADER,
  '<tool_call>': { kind: 'call', closers: ['</tool_call>'] },
  '<function_call>': { kind: 'call', closers: ['</function_call>'] },
  '<|tool_call|>': { kind: 'call', closers: ['<|/tool_call|>', '</tool_call>'] },
  '<|python_tag|>': { kind: 'call', closers: ['<|eom_id|>', '<|eot_id|>'] },
  '[TOOL_CALLS]': { kind: 'call', closers: ['[/TOOL_CALLS]', '</s>', '[TOOL_CALLS]'] },
  '<｜tool▁calls▁begin｜>': { kind: 'call', closers: ['<｜tool▁calls▁end｜>'] },
};

/** Tokens that mean nothing to a reader and stand alone in a text when a server's template is wrong. */
const STRAY = [
  ...['<|message|>', '<|end|>', '<|return|>', '<|call|>', '<|im_start|>', '<|im_end|>'],
  ...['<|eot_id|>', '<|eom_id|>', '<|endoftext|>', '<|end_of_text|>'],
  ...['</think>', '</thinking>', '[/THINK]', '</tool_call>'],
];
const IN_TEXT = [...Object.keys(OPENERS), ...STRAY];
const LONGEST_CALL = 1_000_000;

/**
 * Takes thinking and tool-call markup out of a streamed text, wherever the stream was cut into pieces. What
 * is opened and never closed is hidden to the end.
 */
export class HiddenMarkup {
  #hidden: Hidden | undefined;
  #waiting = '';
  #body = '';
  #tool: string | undefined;
  #hasText = false;
  #hasHidden = false;

  /** `thinksFirst`: the server's template has opened `<think>` itself, so only its end is in the text. */
  constructor(options: { readonly thinksFirst?: boolean | undefined } = {}) {
    if (options.thinksFirst) this.#hidden = OPENERS['<think>'];
  }

  push(text: string): TextPiece[] {
    this.#waiting += text;
    const pieces: TextPiece[] = [];
    for (;;) {
      const markers = this.#hidden?.closers ?? IN_TEXT;
      const found = firstMarker(this.#waiting, markers);
      const end = found?.index ?? this.#waiting.length - heldBack(this.#waiting, markers);
      const before = this.#waiting.slice(0, end);
      this.#waiting = this.#waiting.slice(end);
      pieces.push(...this.#pass(before));
      if (!found) return pieces;
      pieces.push(...this.#meet(found.marker));
    }
  }

  /** What was held back, once nothing follows. */
  end(): TextPiece[] {
    const rest = this.#pass(this.#waiting);
    this.#waiting = '';
    return this.#hidden ? this.#close() : rest;
  }

  #pass(text: string): TextPiece[] {
    if (this.#hidden) {
      if (this.#hidden.kind !== 'thought' && this.#body.length < LONGEST_CALL) this.#body += text;
      return [];
    }
    const isFirst = this.#hasHidden && !this.#hasText;
    const shown = isFirst ? text.trimStart() : text;
    if (shown === '') return [];
    this.#hasText = true;
    return [{ type: 'text', text: shown }];
  }

  #meet(marker: string): TextPiece[] {
    const closed = this.#hidden ? this.#close(marker) : [];
    this.#hidden = OPENERS[marker] ?? this.#hidden;
    this.#hasHidden = true;
    this.#waiting = this.#waiting.slice(marker.length);
    return closed;
  }

  #close(marker = ''): TextPiece[] {
    const { kind, tool } = this.#hidden ?? {};
    const body = this.#body;
    this.#body = '';
    this.#hidden = undefined;
    if (kind === 'header') this.#announce(body, marker);
    if (kind !== 'call') return [];
    const calls = tool === undefined ? parseLeakedCalls(body) : [{ name: tool, arguments: body.trim() }];
    return calls.map((call) => ({ type: 'call', call }));
  }

  #announce(header: string, marker: string): void {
    this.#tool = /\bto=(?:functions\.)?([\w.-]+)/.exec(header)?.[1] ?? this.#tool;
    if (marker !== '<|message|>') return;
    const tool = this.#tool;
    this.#tool = undefined;
    if (tool !== undefined) this.#hidden = { kind: 'call', closers: HARMONY_ENDS, tool };
    else if (/^\s*(analysis|commentary)/.test(header))
      this.#hidden = { kind: 'thought', closers: HARMONY_ENDS };
  }
}
