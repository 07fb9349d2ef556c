import assert from 'node:assert/strict';
import type { ResponseProgress, SessionEvent } from '../../src/realtime/session-event.ts';

type Start = Extract<SessionEvent, { type: 'response-start' }>['response'];
type End = Extract<SessionEvent, { type: 'response-end' }>['response'];

interface ToldItem {
  readonly outputIndex: number;
  part: 'text' | 'audio' | undefined;
  text: string;
  isPartEnded: boolean;
  isArgumentsEnded: boolean;
  isEnded: boolean;
}

interface ToldResponse {
  readonly start: Start;
  readonly items: Map<string, ToldItem>;
}

/**
 * Holds what a session tells against the order that its clients rely on (API contract, "Ordering rules"): give
 * it every event as it comes; it throws at the first that breaks a rule.
 */
export class OrderingChecker {
  readonly #live = new Map<string, ToldResponse>();
  readonly #ended = new Set<string>();
  /** Ids of the items that the client knows to stand in the conversation. */
  readonly #items = new Set<string>();
  readonly #everTold = new Set<string>();
  readonly #spoken = new Set<string>();
  /** What the deltas of a turn add up to. */
  readonly #captions = new Map<string, string>();
  #speechItemId: string | undefined;
  #count = 0;

  /** Responses that have begun and not ended. */
  get liveResponses(): number {
    return this.#live.size;
  }

  get responses(): number {
    return this.#live.size + this.#ended.size;
  }

  take(event: SessionEvent): void {
    this.#count += 1;
    assert.equal(this.#count === 1, event.type === 'session-start', 'a session starts once, and first');
    if ('responseId' in event) this.#progress(event);
    else this.#control(event);
  }

  #control(event: Exclude<SessionEvent, ResponseProgress>): void {
    switch (event.type) {
      case 'response-start':
        this.#start(event.response);
        return;
      case 'response-end':
        this.#end(event.response);
        return;
      case 'speech-start':
        assert.ok(!this.#items.has(event.itemId), 'a turn has an item of its own');
        this.#speechItemId = event.itemId;
        return;
      case 'speech-end':
        assert.equal(event.itemId, this.#speechItemId, 'speech that ends has begun');
        this.#speechItemId = undefined;
        return;
      case 'audio-committed':
        this.#assertTold(event.previousItemId);
        return;
      case 'item-added':
        this.#add(event.item.id, event.previousItemId);
        return;
      case 'item-retrieved':
        assert.ok(this.#items.has(event.item.id), 'an item that is retrieved was told');
        return;
      case 'item-truncated':
        assert.ok(this.#items.has(event.itemId), 'an item that is truncated was told');
        return;
      case 'item-deleted':
        assert.ok(this.#items.delete(event.itemId), 'an item that is deleted was told');
        return;
      case 'transcription-delta':
        assert.ok(!this.#spoken.has(event.itemId), 'no delta after the end of its transcript');
        assert.notEqual(event.delta, '');
        this.#captions.set(event.itemId, (this.#captions.get(event.itemId) ?? '') + event.delta);
        return;
      case 'transcription-end':
      case 'transcription-failed':
        if (event.type === 'transcription-end')
          assert.equal(event.transcript, this.#captions.get(event.itemId) ?? '', 'its deltas add up to it');
        assert.ok(this.#everTold.has(event.itemId), 'a transcript belongs to an item that was told');
        assert.ok(!this.#spoken.has(event.itemId), 'a turn has one transcript');
        this.#spoken.add(event.itemId);
        return;
      default:
        return;
    }
  }

  #start(response: Start): void {
    assert.ok(!this.#live.has(response.id) && !this.#ended.has(response.id), 'a response starts once');
    assert.deepEqual([response.status.type, response.output], ['in-progress', []]);
    const others = [...this.#live.values()].filter(({ start }) => start.conversationId !== null);
    assert.ok(
      response.conversationId === null || others.length === 0,
      'one response writes to the conversation',
    );
    this.#live.set(response.id, { start: response, items: new Map() });
  }

  #end(response: End): void {
    const told = this.#live.get(response.id);
    assert.ok(told, 'a response ends once, after its start');
    assert.notEqual(response.status.type, 'in-progress');
    assert.deepEqual(
      response.output.map(({ id }) => id),
      [...told.items.keys()],
      'the end of a response lists what was told of it',
    );
    for (const [id, item] of told.items) assert.ok(item.isEnded, `item ${id} was begun and not ended`);
    for (const item of response.output) {
      const told = this.#live.get(response.id)?.items.get(item.id);
      const text = item.kind === 'message' ? (item.content[0]?.text ?? '') : item.arguments;
      assert.equal(text, told?.text, 'the output is what the deltas add up to');
      if (response.status.type === 'completed') assert.equal(item.status, 'completed');
    }
    this.#live.delete(response.id);
    this.#ended.add(response.id);
  }

  #progress(event: ResponseProgress): void {
    const response = this.#live.get(event.responseId);
    assert.ok(response, `${event.type} belongs to a response that has started and not ended`);
    if (event.type === 'output-item-start') {
      this.#begin(response, event);
      return;
    }
    const itemId = 'itemId' in event ? event.itemId : event.item.id;
    const item = response.items.get(itemId);
    assert.ok(item && !item.isEnded, `${event.type} belongs to an item that has started and not ended`);
    assert.equal(event.outputIndex, item.outputIndex);
    this.#continue(item, event);
  }

  #begin(response: ToldResponse, event: Extract<ResponseProgress, { type: 'output-item-start' }>): void {
    const { item, outputIndex, previousItemId } = event;
    assert.equal(outputIndex, response.items.size, 'items are counted from 0');
    assert.equal(item.status, 'in-progress');
    if (response.start.conversationId === null) assert.equal(previousItemId, undefined);
    else this.#add(item.id, previousItemId);
    response.items.set(item.id, {
      outputIndex,
      part: undefined,
      text: '',
      isPartEnded: false,
      isArgumentsEnded: false,
      isEnded: false,
    });
  }

  #continue(item: ToldItem, event: Exclude<ResponseProgress, { type: 'output-item-start' }>): void {
    switch (event.type) {
      case 'output-part-start':
        assert.equal(item.part, undefined, 'a part starts once');
        item.part = event.part;
        return;
      case 'output-text-delta':
      case 'output-transcript-delta':
        assert.equal(item.part, event.type === 'output-text-delta' ? 'text' : 'audio');
        assert.ok(!item.isPartEnded, 'no delta after the end of its part');
        item.text += event.delta;
        return;
      case 'output-audio-delta':
        assert.ok(item.part === 'audio' && !item.isPartEnded, 'no audio outside of its part');
        assert.ok(event.audio.bytes.length > 0);
        return;
      case 'output-part-end':
        assert.ok(item.part === event.part && !item.isPartEnded, 'a part ends once, after its start');
        assert.equal(event.text, item.text, 'the deltas of a part add up to its text');
        item.isPartEnded = true;
        return;
      case 'output-arguments-delta':
        assert.ok(!item.isArgumentsEnded);
        item.text += event.delta;
        return;
      case 'output-arguments-end':
        assert.ok(!item.isArgumentsEnded, 'arguments end once');
        assert.equal(event.arguments, item.text, 'the deltas of the arguments add up to them');
        item.isArgumentsEnded = true;
        return;
      case 'output-item-end':
        this.#close(item, event);
        return;
    }
  }

  #close(item: ToldItem, event: Extract<ResponseProgress, { type: 'output-item-end' }>): void {
    assert.notEqual(event.item.status, 'in-progress');
    if (event.item.kind === 'function-call') assert.ok(item.isArgumentsEnded, 'arguments that began ended');
    else assert.equal(item.isPartEnded, item.part !== undefined, 'a part that began has ended');
    this.#assertTold(event.previousItemId ?? null);
    item.isEnded = true;
  }

  #add(id: string, previousItemId: string | null | undefined): void {
    assert.ok(!this.#items.has(id), 'an item is told of once');
    assert.notEqual(previousItemId, undefined);
    this.#assertTold(previousItemId ?? null);
    this.#items.add(id);
    this.#everTold.add(id);
  }

  #assertTold(previousItemId: string | null): void {
    assert.ok(
      previousItemId === null || this.#items.has(previousItemId),
      `the previous item ${previousItemId} was told`,
    );
  }
}
