// Sees to it that the programs which tests start are there: a real MariaDB server, Python with the libraries that wrote
// the old system's files, and Chromium. Uses Node's own modules only.
// On Debian and its kin they are installed when this runs as root; anywhere else it says what to install and fails.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
const hasProgram = (program) => folders.some((folder) => existsSync(join(folder, program)))

/** Debian's modules belong to Debian's Python, which may not be the first in the path. */
const hasPythonModules = (modules) =>
  ['/usr/bin/python3', 'python3'].some((python) => {
    const script = `import importlib.util as u, sys; sys.exit(any(u.find_spec(m) is None for m in ${JSON.stringify(modules)}))`
    return spawnSync(python, ['-c', script], { stdio: 'ignore' }).status === 0
  })

const NEEDS = [
  {
    what: 'a MariaDB server (none needs to run: they start a private one)',
    isThere: () => ['mariadbd', 'mariadb-install-db'].every(hasProgram),
    debian: ['mariadb-server'],
    elsewhere: 'Fedora: dnf install mariadb-server; Arch: pacman -S mariadb; macOS: brew install mariadb',
  },
  {
    what: 'Python 3 with NumPy, FAISS and PyTorch, which write the files of the old system',
    isThere: () => hasPythonModules(['numpy', 'faiss', 'torch']),
    debian: ['python3-numpy', 'python3-faiss', 'python3-torch'],
    elsewhere: 'Elsewhere: pip install numpy faiss-cpu torch',
  },
  {
    what: 'Chromium, in which the pages are tried',
    isThere: () =>
      existsSync(process.env.CHROMIUM_PATH ?? '') || ['chromium', 'chromium-browser', 'google-chrome'].some(hasProgram),
    debian: ['chromium'],
    elsewhere: 'Elsewhere: install Chromium or Chrome and set CHROMIUM_PATH to its program',
  },
]

const missing = () => NEEDS.filter(({ isThere }) => !isThere())

const packages = missing().flatMap(({ debian }) => debian)
if (packages.length > 0 && existsSync('/usr/bin/apt-get') && process.getuid?.() === 0) {
  console.log(`Installing ${packages.join(', ')}, which the tests need ...`)
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (...args) =>
    spawnSync('apt-get', ['-qq', ...args], { stdio: ['ignore', 'ignore', 'inherit'], env: environment })
  // The list of packages may be older than the archive.
  apt('update')
  apt('install', '-y', '--no-install-recommends', ...packages)
}

for (const { what, debian, elsewhere } of missing()) {
  console.error(`The tests need ${what}.`)
  console.error(`  Debian, Ubuntu: sudo apt-get install ${debian.join(' ')}`)
  console.error(`  ${elsewhere}`)
  process.exitCode = 1
}
