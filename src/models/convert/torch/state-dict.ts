import { elementsOf, TensorView } from './tensor.ts'

/** As many as iresnet100 has, a few times over. */
const TENSORS_MAX = 10_000
/** Twice what iresnet100 has; tensors that repeat a small storage by strides can't grow beyond it. */
const ELEMENTS_MAX = 2 ** 27

/** The names and tensors of an unpickled state_dict in its order. */
export function tensorViews(
  root: unknown,
  refuse: (reason: string) => never,
): readonly (readonly [string, TensorView])[] {
  if (!(root instanceof Map)) return refuse('holds no state_dict; save model.state_dict(), not the model')
  if (root.size > TENSORS_MAX) return refuse(`has more than ${TENSORS_MAX} tensors`)
  const views = [...root].map(([name, tensor]: [unknown, unknown]) =>
    typeof name === 'string' && tensor instanceof TensorView
      ? ([name, tensor] as const)
      : refuse('holds something else than a state_dict of tensors'),
  )
  const elements = views.reduce((sum, [, view]) => sum + elementsOf(view), 0)
  return elements <= ELEMENTS_MAX
    ? views
    : refuse(`has tensors of ${elements} values; at most ${ELEMENTS_MAX} are read`)
}
