import type { ModelNode, UnitTestNode, UnitTestRows } from '../project/node.ts';
import type { NodeId } from '../text/ids.ts';

/** A unit test of a model that stands in no file: it expects nothing, and is run to see which rows come of the given ones. */
export function toTrial(model: ModelNode, name: string, given: readonly UnitTestRows[]): UnitTestNode {
  return {
    id: `unit_test.${model.package}.${model.name}.${name}` as NodeId,
    kind: 'unit_test',
    name,
    package: model.package,
    path: model.path,
    fqn: [],
    tags: [],
    meta: {},
    enabled: true,
    description: '',
    columns: [],
    config: {},
    model: model.id,
    given,
    expect: { input: '', format: 'dict', rows: [] },
    overrides: { macros: {}, vars: {}, envVars: {} },
  };
}
