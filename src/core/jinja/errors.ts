/** One level of the template stack, from the innermost outwards; the offset is into the template's own text. */
export interface Frame {
  readonly template: string;
  readonly offset: number;
}

/** An error that the template raises, under its Python name: `TypeError`, `UndefinedError`, `CompilationError`, … */
export class PyError extends Error {
  readonly frames: Frame[] = [];

  constructor(
    readonly pyType: string,
    readonly reason: string,
  ) {
    super(`${pyType}: ${reason}`);
  }
}

/** The text is not a template; the offset is into the text. */
export class TemplateSyntaxError extends Error {
  constructor(
    message: string,
    readonly offset: number,
    readonly template: string,
  ) {
    super(message);
  }
}

/** Raises a Python error. */
export function raise(pyType: string, reason: string): never {
  throw new PyError(pyType, reason);
}
