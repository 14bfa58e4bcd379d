/** The few globals that every place the core runs in has: Node, browsers, their workers. */
interface AbortSignal {
  readonly aborted: boolean;
  throwIfAborted(): void;
}

interface TextEncoder {
  encode(text?: string): Uint8Array;
}
declare var TextEncoder: { new (): TextEncoder };

interface TextDecoder {
  decode(bytes?: Uint8Array): string;
}
declare var TextDecoder: { new (label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean }): TextDecoder };
