import { createTheme, type MantineColorsTuple } from '@mantine/core'

/** Lotus leaf: the one colour that means "act here". Shade 7 has 5.3:1 on white, shade 4 8:1 on the dark ground. */
const LOTUS: MantineColorsTuple = [
  '#e9f7f4',
  '#d3ede7',
  '#a6dbcf',
  '#73c6b5',
  '#47b39e',
  '#229e88',
  '#0f8a76',
  '#0b7a6b',
  '#07645a',
  '#044c45',
]

/** Greys with a breath of green, lightest first in the light scheme and darkest last in the dark one. */
const DARK: MantineColorsTuple = [
  '#d5dbd9',
  '#b4bdba',
  '#96a19d',
  '#6d7975',
  '#47524f',
  '#36403d',
  '#28312f',
  '#1d2422',
  '#161c1a',
  '#0f1412',
]

export const theme = createTheme({
  primaryColor: 'lotus',
  primaryShade: { light: 7, dark: 7 },
  colors: { lotus: LOTUS, dark: DARK },
  fontFamily: "'Be Vietnam Pro', system-ui, sans-serif",
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  headings: { fontFamily: "'Be Vietnam Pro', system-ui, sans-serif", fontWeight: '600' },
  defaultRadius: 'md',
  radius: { xs: '3px', sm: '5px', md: '8px', lg: '12px', xl: '20px' },
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Modal: { defaultProps: { centered: true, overlayProps: { backgroundOpacity: 0.5 } } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 300 } },
  },
})
