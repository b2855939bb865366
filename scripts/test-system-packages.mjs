// Sees to it that the programs which tests start are there: a real MariaDB server. Uses Node's own modules only.
// On Debian and its kin they are installed when this runs as root; anywhere else it says what to install and fails.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const PROGRAMS = ['mariadbd', 'mariadb-install-db']
const PACKAGE = 'mariadb-server'

const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
const missing = () => PROGRAMS.filter((program) => !folders.some((folder) => existsSync(join(folder, program))))

if (missing().length > 0 && existsSync('/usr/bin/apt-get') && process.getuid?.() === 0) {
  console.log(`Installing ${PACKAGE}, which the tests need ...`)
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (...args) =>
    spawnSync('apt-get', ['-qq', ...args], { stdio: ['ignore', 'ignore', 'inherit'], env: environment })
  // The list of packages may be older than the archive.
  apt('update')
  apt('install', '-y', '--no-install-recommends', PACKAGE)
}

if (missing().length > 0) {
  console.error(
    [
      `The tests run on a real MariaDB server, and ${missing().join(' and ')} can't be found.`,
      `  Debian, Ubuntu:  sudo apt-get install ${PACKAGE}`,
      '  Fedora:          sudo dnf install mariadb-server',
      '  Arch:            sudo pacman -S mariadb',
      '  macOS:           brew install mariadb',
      'No service needs to run: the tests start a private server of their own.',
    ].join('\n'),
  )
  process.exit(1)
}
