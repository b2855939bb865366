import { access, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Command, Option } from 'commander'
import { SCENARIO_NAMES } from '../loadtest/plan.ts'
import { htmlReport } from '../loadtest/report/html/page.ts'
import { isPassed } from '../loadtest/report/report.ts'
import { terminalReport } from '../loadtest/report/terminal.ts'
import { runLoadTest } from '../loadtest/run.ts'
import { WORK_NAMES } from '../loadtest/works/works.ts'
import { compareCommand } from './loadtest/compare.ts'
import { INTERRUPTED, onInterrupt } from './loadtest/interrupt.ts'
import { liveLine } from './loadtest/live-line.ts'
import {
  parseClients,
  parseDuration,
  parseLatencyMs,
  parseRate,
  parseSeconds,
  parseShare,
} from './loadtest/parse-option.ts'
import { type LoadTestOptions, readPlan } from './loadtest/read-plan.ts'
import { readConfig } from './read-config.ts'

const CLIENTS = 10
const TIMEOUT_SECONDS = 30

export function loadTestCommand(): Command {
  return (
    new Command('loadtest')
      .description('put a load on a running server, and report how it bore it')
      .argument('<url>', 'address of the server, such as http://127.0.0.1:8000; only load what is yours')
      .addOption(new Option('--scenario <name>', 'what is done').choices(SCENARIO_NAMES).default('recognise'))
      .addOption(new Option('--work <name>', 'what ramp, spike and soak do').choices(WORK_NAMES))
      .option('--clients <n>', '1 to 1000: those who ask at once; with --rate connections', parseClients, CLIENTS)
      .option('--rate <n>', 'so many turns are due a second, however slow the answers are', parseRate)
      .option('--duration <time>', 'such as 30s or 5m; of one trial with --find-limit', parseDuration)
      .option(
        '--warm-up <time>',
        'load before, left out of the figures (default: a sixth of the duration, of a soak a third)',
        parseSeconds,
      )
      .option('--timeout <time>', 'an answer that takes longer has failed', parseDuration, TIMEOUT_SECONDS)
      .option('--photos <folder>', 'photographs of faces to send; a sample picture where not given')
      .option('--username <name>', 'account to sign in with; its password is asked for, or read from standard input')
      .option('--find-limit', 'look for the highest rate that keeps p99 and errors', false)
      .option('--p99-max <time>', 'fail where 1 % of the answers take longer, such as 500ms', parseLatencyMs)
      .option('--errors-max <share>', 'fail where more calls fail, such as 1%', parseShare)
      .option('--refusals-max <share>', 'fail where more calls are refused (429, 503)', parseShare)
      .option('--throughput-min <n>', 'fail where fewer are answered a second', parseRate)
      .option('--report <file>', 'write the report there as an HTML page with charts')
      .option('--json <file>', 'write the report there as JSON, to be compared with others')
      .addHelpText(
        'after',
        '\nThe exit code is 0, or 1 where a threshold was missed, or 130 after Ctrl-C, which ends early and still reports.\nFor the account of ADMIN_USERNAME, ADMIN_PASSWORD is taken from the settings. Examples and what to read in a report: docs/load-testing.md',
      )
      // Both have a --report: what stands after "compare" is its own.
      .enablePositionalOptions()
      .addCommand(compareCommand())
      .action(load)
  )
}

async function load(url: string, options: LoadTestOptions): Promise<void> {
  // Before the long work, not after it.
  for (const file of [options.report, options.json]) if (file !== undefined) await access(dirname(file))
  const plan = await readPlan(url, options, readConfig())
  const line = liveLine()
  const interrupt = onInterrupt(line.say)
  try {
    const report = await runLoadTest(plan, line, interrupt.signal)
    line.end()
    if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`)
    if (options.report !== undefined) await writeFile(options.report, htmlReport(report))
    process.stdout.write(terminalReport(report))
    if (report.wasEndedEarly) process.exitCode = INTERRUPTED
    else if (!isPassed(report)) process.exitCode = 1
  } finally {
    line.end()
    interrupt.release()
  }
}
