import { Anchor, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { PageHead } from '../../components/page-head.tsx'
import { ScoreBar } from '../../components/score-bar.tsx'
import { useText } from '../../language/language.tsx'
import { hrefOf } from '../../routing/route.ts'
import { BoxedFaces } from './boxed-faces.tsx'
import classes from './page.module.css'
import { PhotoAdvice } from './photo-advice.tsx'

/** An example above the threshold and one below it, of the default models. */
const THRESHOLD = 0.93
const ABOVE = { score: 0.956, confidence: 0.86 }
const BELOW = { score: 0.902, confidence: 0.16 }

/** A short guide for everyday use. */
export default function HelpPage() {
  const { tabs, help: text } = useText()
  return (
    <>
      <PageHead title={tabs.help} hint={text.hint} />
      <div className={classes.guide}>
        <Section title={text.recognise.title} picture={<BoxedFaces />}>
          <ol>
            {text.recognise.steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
          <Anchor href={hrefOf(['recognise'])} size="sm">
            {tabs.recognise}
          </Anchor>
        </Section>
        <Section
          title={text.score.title}
          picture={
            <div className={classes.bars}>
              <span>{text.score.above}</span>
              <ScoreBar {...ABOVE} threshold={THRESHOLD} />
              <span>{text.score.below}</span>
              <ScoreBar {...BELOW} threshold={THRESHOLD} />
            </div>
          }
        >
          {text.score.paragraphs.map((paragraph) => (
            <p key={paragraph}>{paragraph}</p>
          ))}
        </Section>
        <Section title={text.photos.title} picture={<PhotoAdvice />} wide>
          <p>{text.photos.intro}</p>
        </Section>
        <Section title={text.enrol.title}>
          <ol>
            {text.enrol.steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        </Section>
        <Section title={text.problems.title}>
          <dl>
            {text.problems.list.map(([what, how]) => (
              <div key={what}>
                <dt>{what}</dt>
                <dd>{how}</dd>
              </div>
            ))}
          </dl>
        </Section>
        <Section title={text.privacy.title}>
          {text.privacy.paragraphs.map((paragraph) => (
            <p key={paragraph}>{paragraph}</p>
          ))}
        </Section>
        <Section title={text.developers.title}>
          <p>{text.developers.intro}</p>
          <Anchor href="/docs" size="sm">
            {text.developers.link}
          </Anchor>
        </Section>
      </div>
    </>
  )
}

interface SectionProps {
  readonly title: string
  readonly picture?: ReactNode
  /** The picture stands below instead of beside. */
  readonly wide?: boolean
  readonly children: ReactNode
}

function Section({ title, picture, wide = false, children }: SectionProps) {
  return (
    <section className={classes.section} data-wide={wide || undefined}>
      <div className={classes.words}>
        <Title order={2} size="h4">
          {title}
        </Title>
        {children}
      </div>
      {picture !== undefined && <div className={classes.picture}>{picture}</div>}
    </section>
  )
}
