// Loaded before the command line: writes down what the process starts, opens and costs, for whoever started it.
const fs = require('node:fs');
const path = require('node:path');
const { isMainThread } = require('node:worker_threads');
const log = fs.openSync(process.env.HOSTILE_LOG, 'a');
const note = (kind, what) => fs.writeSync(log, `${JSON.stringify({ kind, what: String(what).slice(0, 300) })}\n`);

const childProcess = require('node:child_process');
for (const name of ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork'])
  childProcess[name] = (...args) => {
    note('process', args[0]);
    throw new Error('a process was started');
  };
for (const [name, module] of [
  ['connect', require('node:net')],
  ['createConnection', require('node:net')],
  ['lookup', require('node:dns')],
  ['request', require('node:http')],
  ['request', require('node:https')],
  ['connect', require('node:tls')],
])
  module[name] = (...args) => {
    note('network', typeof args[0] === 'object' ? JSON.stringify(args[0]) : args[0]);
    throw new Error('the network was asked');
  };
globalThis.fetch = (address) => {
  note('network', address);
  throw new Error('the network was asked');
};

const outside = process.env.HOSTILE_OUTSIDE;
const isForbidden = (name) => {
  if (typeof name !== 'string' && !Buffer.isBuffer(name)) return false;
  let real = path.resolve(String(name));
  try {
    real = originals.realpathSync(real);
  } catch {}
  return real === outside || real.startsWith(`${outside}/`) || /^\/(etc\/passwd|dev\/zero|proc\/self\/environ|tmp\/headwater-)/.test(real);
};
const originals = { realpathSync: fs.realpathSync };
const isLink = (name) => {
  try {
    return fs.lstatSync(name).isSymbolicLink();
  } catch {
    return false;
  }
};
for (const name of [
  'openSync',
  'readFileSync',
  'open',
  'readFile',
  'createReadStream',
  'readdirSync',
  'readdir',
  'opendirSync',
  'writeFileSync',
  'writeFile',
  'copyFileSync',
]) {
  const original = fs[name];
  fs[name] = (...args) => {
    // A link is not followed where the caller says so.
    const isHeld = typeof args[1] === 'number' && (args[1] & fs.constants.O_NOFOLLOW) !== 0 && isLink(args[0]);
    if (!isHeld && isForbidden(args[0])) note(name.startsWith('write') || name.startsWith('copy') ? 'write' : 'read', args[0]);
    return original(...args);
  };
}
for (const name of ['open', 'readFile', 'readdir', 'writeFile']) {
  const original = fs.promises[name];
  fs.promises[name] = (...args) => {
    if (isForbidden(args[0])) note(name === 'writeFile' ? 'write' : 'read', args[0]);
    return original(...args);
  };
}
require('node:module').syncBuiltinESMExports();
if (isMainThread)
  process.on('exit', () => {
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    note('cost', JSON.stringify({ memory: Math.round(maxRSS / 1024), cpu: Math.round((userCPUTime + systemCPUTime) / 1000) }));
  });
