/** Where on the drawing, which is 100 wide, a face stands. */
interface Props {
  readonly x: number
  readonly y: number
  /** Of the head, from ear to ear. */
  readonly width: number
  /** Looking aside: from -1 (left) over 0 (at us) to 1. */
  readonly turn?: number
}

/** A face in a few lines, for drawings that show nobody. */
export function DrawnFace({ x, y, width, turn = 0 }: Props) {
  const scale = width / 40
  const shift = turn * 8
  return (
    <g transform={`translate(${x} ${y}) scale(${scale})`} fill="none" stroke="currentColor" strokeWidth={2 / scale}>
      <path d="M -34 62 C -30 38 -14 32 0 32 C 14 32 30 38 34 62" />
      <ellipse cx={0} cy={0} rx={20} ry={26} fill="var(--surface)" />
      <path d="M -20 -4 C -22 -34 22 -34 20 -4 C 14 -16 -14 -16 -20 -4 Z" fill="currentColor" stroke="none" />
      <g transform={`translate(${shift} 0)`} strokeLinecap="round">
        <path d="M -8 -1 v 1.5 M 8 -1 v 1.5" strokeWidth={3.4 / scale} />
        <path d={`M ${turn * 3} 2 v 6 h ${turn < 0 ? -3 : 3}`} />
        <path d="M -6 14 C -3 17 3 17 6 14" />
      </g>
    </g>
  )
}
