import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

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
  fontSizes: { xs: '0.75rem', sm: '0.84375rem', md: '0.9375rem', lg: '1.0625rem', xl: '1.25rem' },
  defaultRadius: 'md',
  radius: { xs: '3px', sm: '5px', md: '8px', lg: '12px', xl: '20px' },
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Modal: {
      defaultProps: {
        centered: true,
        overlayProps: { backgroundOpacity: 0.5 },
        // The library's header element would count as a second banner of the page.
        attributes: { header: { role: 'presentation' } },
      },
    },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 300 } },
  },
})

/** The library's own names for what ground.css says, in both schemes. */
export const variables: CSSVariablesResolver = () => {
  const both = {
    '--mantine-color-body': 'var(--surface)',
    '--mantine-color-text': 'var(--ink)',
    '--mantine-color-dimmed': 'var(--ink-soft)',
    '--mantine-color-placeholder': 'var(--ink-soft)',
    '--mantine-color-error': 'var(--bad)',
    '--mantine-color-anchor': 'var(--accent)',
    '--mantine-color-default': 'var(--surface)',
    '--mantine-color-default-border': 'var(--line-strong)',
  }
  // What the library draws the edges of fields with: they must stand out by 3:1 (WCAG 2.2, 1.4.11).
  const edges = { '--mantine-color-gray-4': 'var(--line-strong)', '--mantine-color-dark-4': 'var(--line-strong)' }
  return { variables: edges, light: both, dark: both }
}
