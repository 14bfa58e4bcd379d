import { StringDecoder } from 'node:string_decoder';

const mostCharacters = 64 << 20;

/** Calls back for every line of a stream, ended by line feeds alone, as lines of JSON are. A line beyond 64 million characters is cut off. */
export class LineReader {
  readonly #decoder = new StringDecoder('utf8');
  #parts: string[] = [];
  #length = 0;

  constructor(
    readonly stream: NodeJS.ReadableStream,
    readonly take: (line: string) => void,
    readonly end: () => void,
  ) {
    stream.on('data', (chunk: Buffer) => this.#read(this.#decoder.write(chunk)));
    stream.on('end', () => {
      this.#read(this.#decoder.end());
      if (this.#length > 0) this.#flush();
      this.end();
    });
    stream.on('error', () => this.end());
  }

  pause(): void {
    this.stream.pause();
  }

  resume(): void {
    this.stream.resume();
  }

  #read(text: string): void {
    let start = 0;
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', start)) {
      this.#add(text.slice(start, at));
      this.#flush();
      start = at + 1;
    }
    this.#add(text.slice(start));
  }

  #add(part: string): void {
    if (part === '' || this.#length > mostCharacters) return;
    this.#parts.push(part);
    this.#length += part.length;
  }

  #flush(): void {
    const line = this.#parts.join('');
    this.#parts = [];
    this.#length = 0;
    this.take(line.endsWith('\r') ? line.slice(0, -1) : line);
  }
}
