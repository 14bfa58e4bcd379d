import { TemplateText } from '../jinja/lexer.ts';
import type { Location, Span } from '../text/span.ts';
import { LineMap } from '../text/span.ts';
import type { RenderSubject } from './environment.ts';
import type { Session } from './session.ts';

/** A span of the subject's file as a location. */
export function locationOf(subject: RenderSubject, span: Span): Location {
  return new LineMap(subject.file ?? subject.text).location(subject.path, span);
}

/** The place in the subject's file of the call that runs: the very call, or that of the macro that makes it. */
export function spanOfCall(session: Session): Span {
  const { subject, runtime } = session;
  const text = new TemplateText(subject.text);
  const offset = subject.offset ?? 0;
  return { start: offset + text.original(runtime.siteStart), end: offset + text.original(runtime.siteEnd) };
}
