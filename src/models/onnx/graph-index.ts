import type { OnnxGraph, OnnxNode, OnnxTensor } from './model.ts'

/** The values that a graph states, as initialisers or as Constant nodes, by name. */
export function constantsOf(graph: OnnxGraph): Map<string, OnnxTensor> {
  const constants = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]))
  for (const node of graph.node) {
    const value = node.attribute.find((attribute) => attribute.name === 'value')?.t
    if (node.opType === 'Constant' && value) constants.set(node.output[0] ?? '', value)
  }
  return constants
}

/** The node that makes each value, by the value's name. */
export function producersOf(graph: OnnxGraph): ReadonlyMap<string, OnnxNode> {
  return new Map(graph.node.flatMap((node) => node.output.map((value) => [value, node] as const)))
}

/** Gives names that nothing in the graph has: the one asked for, or that with a number. */
export function nameGiver(graph: OnnxGraph): (wanted: string) => string {
  const taken = new Set(
    [
      graph.input.map(({ name }) => name),
      graph.initializer.map(({ name }) => name),
      graph.node.flatMap(({ name, output }) => [name, ...output]),
    ].flat(),
  )
  return (wanted) => {
    let name = wanted
    for (let number = 2; taken.has(name); number++) name = `${wanted}_${number}`
    taken.add(name)
    return name
  }
}

/** Without the initialisers that no node reads, nor the graph answers; old files list theirs among the inputs too. */
export function withoutUnusedWeights(graph: OnnxGraph, before: OnnxGraph): OnnxGraph {
  const used = new Set([...graph.node.flatMap(({ input }) => input), ...graph.output.map(({ name }) => name)])
  const unused = new Set(before.node.flatMap(({ input }) => input).filter((name) => !used.has(name)))
  const weights = new Set(graph.initializer.map(({ name }) => name))
  const stays = ({ name }: { name: string }) => !(unused.has(name) && weights.has(name))
  return { ...graph, initializer: graph.initializer.filter(stays), input: graph.input.filter(stays) }
}
