import type { Dialect } from '../sql/dialect.ts';
import type { NodeId } from '../text/ids.ts';

/** Where a part of the semantic layer is written: the file, and the mapping or text in it that its parser knows the line of. */
export interface Written {
  readonly path: string;
  readonly line: number;
}

export type EntityType = 'primary' | 'unique' | 'foreign' | 'natural';

export interface Entity {
  readonly name: string;
  readonly type: EntityType;
  readonly expr: string;
  readonly at: Written;
}

export interface Dimension {
  readonly name: string;
  readonly kind: 'categorical' | 'time';
  readonly expr: string;
  /** Of a time dimension: the finest grain that it can be asked at. */
  readonly grain: string;
  readonly isPartition: boolean;
  /** Which end of the time a row holds for, in a table of changes. */
  readonly validity?: 'start' | 'end';
  readonly label?: string;
  readonly description: string;
  readonly at: Written;
}

/** A measure that may not be summed over a dimension, such as a balance over time: only the rows of its first or last value count. */
export interface NonAdditive {
  readonly dimension: string;
  readonly window: 'min' | 'max';
  /** Entities and dimensions of the semantic model within which that value is looked for. */
  readonly within: readonly string[];
}

export interface Measure {
  readonly name: string;
  /** As written, in lower case: `sum`, `count_distinct`, `percentile`. */
  readonly agg: string;
  readonly expr: string;
  /** The time dimension it is counted by; absent where neither it nor its model names one. */
  readonly time?: string;
  readonly percentile?: { readonly at: number; readonly isDiscrete: boolean; readonly isApproximate: boolean };
  readonly nonAdditive?: NonAdditive;
  readonly description: string;
  readonly at: Written;
}

/** A join that is written as SQL, as Lightdash has them; where no join is written, entities say it. */
export interface WrittenJoin {
  readonly to: string;
  /** Expressions over the columns of each side that have to be equal. */
  readonly pairs: readonly { readonly own: string; readonly other: string }[];
}

/** Entities, dimensions and measures over one relation of the project. */
export interface SemanticModel {
  readonly id: NodeId;
  readonly name: string;
  readonly description: string;
  /** The relation; absent where its `ref` leads nowhere. */
  readonly node?: NodeId;
  readonly primaryEntity?: string;
  readonly entities: readonly Entity[];
  readonly dimensions: readonly Dimension[];
  readonly measures: readonly Measure[];
  readonly joins: readonly WrittenJoin[];
  readonly at: Written;
}

/** A length of time, such as seven days. */
export interface TimeWindow {
  readonly count: number;
  readonly grain: string;
}

export interface MetricInput {
  readonly metric: string;
  readonly alias: string;
  readonly filters: readonly string[];
  readonly offsetWindow?: TimeWindow;
  readonly offsetToGrain?: string;
}

export interface MeasureInput {
  readonly measure: string;
  readonly filters: readonly string[];
  /** What stands for nothing. */
  readonly fill?: number;
  /** Whether days without rows are shown, too. */
  readonly joinsSpine: boolean;
}

export type MetricDefinition =
  | { readonly kind: 'simple'; readonly input: MeasureInput }
  | { readonly kind: 'ratio'; readonly numerator: MetricInput; readonly denominator: MetricInput }
  | { readonly kind: 'derived'; readonly expr: string; readonly inputs: readonly MetricInput[] }
  | {
      readonly kind: 'cumulative';
      /** A measure, or a simple metric. */
      readonly input: MeasureInput | MetricInput;
      readonly window?: TimeWindow;
      readonly grainToDate?: string;
      readonly periodAgg: 'first' | 'last' | 'average';
    }
  | {
      readonly kind: 'conversion';
      readonly base: MeasureInput;
      readonly conversion: MeasureInput;
      readonly entity: string;
      readonly window?: TimeWindow;
      readonly calculation: 'conversion_rate' | 'conversions';
      readonly constants: readonly { readonly base: string; readonly conversion: string }[];
    }
  | { readonly kind: 'unreadable'; readonly because: string };

export interface Metric {
  readonly id: NodeId;
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly filters: readonly string[];
  /** The grain of `metric_time` where a question names none. */
  readonly timeGrain?: string;
  readonly definition: MetricDefinition;
  /** How its values are to be written, as Lightdash says it. */
  readonly format?: string;
  readonly at: Written;
}

/** A relation with a row for every day, or every other grain. */
export interface TimeSpine {
  readonly node: NodeId;
  readonly column: string;
  readonly grain: string;
  /** Grains that a project makes itself, and the columns that hold them. */
  readonly custom: readonly { readonly name: string; readonly column: string }[];
}

export interface SavedQuery {
  readonly id: NodeId;
  readonly name: string;
  readonly description: string;
  readonly metrics: readonly string[];
  readonly groupBy: readonly string[];
  readonly where: readonly string[];
  readonly orderBy: readonly string[];
  readonly limit?: number;
  readonly at: Written;
}

/** What a project says about its metrics, whichever of the ways to write it the project uses. */
export interface SemanticLayer {
  readonly dialect: Dialect;
  readonly models: readonly SemanticModel[];
  readonly metrics: ReadonlyMap<string, Metric>;
  /** From the finest to the coarsest. */
  readonly spines: readonly TimeSpine[];
  readonly savedQueries: readonly SavedQuery[];
  /** The name of a relation as SQL of the project has it. */
  readonly relationOf: (node: NodeId) => string;
  /** The type of a relation's column in the project's dialect; empty where it is not known. */
  readonly typeOf: (node: NodeId, column: string) => string;
}

/** The semantic model that holds a measure. */
export function findMeasure(layer: SemanticLayer, name: string): { readonly model: SemanticModel; readonly measure: Measure } | undefined {
  for (const model of layer.models) {
    const measure = model.measures.find((one) => one.name === name);
    if (measure !== undefined) return { model, measure };
  }
  return undefined;
}
