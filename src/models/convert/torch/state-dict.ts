import { TensorView } from './tensor.ts'

/** As many as iresnet100 has, a few times over. */
const TENSORS_MAX = 10_000

/** The names and tensors of an unpickled state_dict in its order. */
export function tensorViews(
  root: unknown,
  refuse: (reason: string) => never,
): readonly (readonly [string, TensorView])[] {
  if (!(root instanceof Map)) return refuse('holds no state_dict; save model.state_dict(), not the model')
  if (root.size > TENSORS_MAX) return refuse(`has more than ${TENSORS_MAX} tensors`)
  return [...root].map(([name, tensor]: [unknown, unknown]) =>
    typeof name === 'string' && tensor instanceof TensorView
      ? ([name, tensor] as const)
      : refuse('holds something else than a state_dict of tensors'),
  )
}
