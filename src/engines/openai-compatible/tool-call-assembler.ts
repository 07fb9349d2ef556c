import type { GenerateEvent } from '../../engine/language-model.ts';
import type { LeakedCall } from '../../engine/leaked-calls.ts';
import { newId } from '../../util/ids.ts';
import type { ToolCallDelta } from './chat-chunk.ts';

interface OpenCall {
  readonly callId: string;
  /** As the server gave them; a server may leave out either or use one twice. */
  readonly index: number | undefined;
  readonly id: string | undefined;
  hasArguments: boolean;
}

/** Makes well-formed tool calls of the pieces that servers stream, each call with an id of its own. */
export class ToolCallAssembler {
  readonly #calls: OpenCall[] = [];
  /** Name and arguments so far, for counting tokens. */
  text = '';

  get hasCalls(): boolean {
    return this.#calls.length > 0;
  }

  *push(delta: ToolCallDelta): Generator<GenerateEvent> {
    const name = delta.function?.name ?? '';
    const known = this.#find(delta, name);
    if (!known && name === '') return;
    const call = known ?? this.#open(delta);
    if (!known) yield this.#start(call, name);
    const piece = delta.function?.arguments ?? '';
    if (piece !== '') yield this.#delta(call, piece);
  }

  *pushWhole(leaked: LeakedCall): Generator<GenerateEvent> {
    const call = this.#open({});
    yield this.#start(call, leaked.name);
    yield this.#delta(call, leaked.arguments || '{}');
  }

  *end(): Generator<GenerateEvent> {
    for (const call of this.#calls) {
      if (!call.hasArguments) yield this.#delta(call, '{}');
      yield { type: 'tool-call-end', callId: call.callId };
    }
  }

  #find({ index, id }: ToolCallDelta, name: string): OpenCall | undefined {
    const isSame = (call: OpenCall): boolean => {
      if (index != null && call.index !== undefined && call.index !== index) return false;
      // One index for all calls, as some servers send: then a new id, or a name after arguments, begins a call.
      return id && call.id ? call.id === id : name === '' || !call.hasArguments;
    };
    return index == null && !id && name === '' ? this.#calls.at(-1) : this.#calls.findLast(isSame);
  }

  #open({ index, id }: ToolCallDelta): OpenCall {
    const isTaken = !id || this.#calls.some((call) => call.callId === id);
    const call = {
      callId: isTaken ? newId('call_', 24) : id,
      index: index ?? undefined,
      id: id || undefined,
      hasArguments: false,
    };
    this.#calls.push(call);
    return call;
  }

  #start({ callId }: OpenCall, name: string): GenerateEvent {
    this.text += name;
    return { type: 'tool-call-start', callId, name };
  }

  #delta(call: OpenCall, delta: string): GenerateEvent {
    call.hasArguments = true;
    this.text += delta;
    return { type: 'tool-call-delta', callId: call.callId, delta };
  }
}
